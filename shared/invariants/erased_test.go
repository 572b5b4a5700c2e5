package invariants_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"carechat/shared/invariants"
	"carechat/tests/support/tables"
)

// T14: while upkeep erases a member, anything of theirs may be left; afterwards nothing may.
func TestWhatIsBeingErasedIsNotWrong(t *testing.T) {
	const member, thread = "ORG#harbor#MEMBER#ana", "ORG#harbor#THREAD#ana#diabetes.cm-rivera"
	at := &types.AttributeValueMemberN{Value: "1772452800000"}
	message := invariants.Item{
		"PK": text(thread), "SK": text("MESSAGE#0000000001"), "by": text("member"), "client": text("c"), "at": at,
	}
	sent := invariants.Item{"PK": text(thread), "SK": text("SENT#member#c"), "seq": &types.AttributeValueMemberN{Value: "1"}}
	for erasing, wrong := range map[bool]bool{true: false, false: true} {
		profile := invariants.Item{"PK": text(member), "SK": text("PROFILE"), "erasedAt": at}
		if erasing {
			profile["DUE_SK"] = text("2026-03-02T12:00:00.000Z")
		}
		found := tables.Verify(tables.Snapshot{Rows: []invariants.Item{message, sent}, Beside: []invariants.Item{profile}})
		if (len(found) > 0) != wrong {
			t.Errorf("erasing %v: %v", erasing, found)
		}
	}
}
