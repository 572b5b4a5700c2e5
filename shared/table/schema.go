package table

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The two sparse indexes: what an owner has to do, and what is due.
const (
	workIndex = "WORK"
	dueIndex  = "DUE"
)

// TTLAttribute holds a row's expiry in Unix seconds. DynamoDB removes expired rows up to days late, so the code checks expiry itself.
const TTLAttribute = "ttl"

// workAttributes are what an owner's lists show: never a whole comment, a history or a message. AWS allows 20 projected names, which no
// emulator checks.
var workAttributes = []string{
	"version", "id", "member", "program", "owner", "reason", "excerpt", "createdAt", "dueAt", "state",
	"careManager", "memberSide", "careManagerSide", "last", "updatedAt",
	"waitingSince", "lateAt", "unreadByMemberSince", "paused",
}

// Schema returns the table's definition. template.yaml repeats it for CloudFormation, and a test holds the two equal.
func Schema(name string) *dynamodb.CreateTableInput {
	return &dynamodb.CreateTableInput{
		TableName:   aws.String(name),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: stringAttributes(
			"PK", "SK", "WORK_PK", "WORK_SK", "DUE_PK", "DUE_SK"),
		KeySchema: keySchema("PK", "SK"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			{
				IndexName: aws.String(workIndex),
				KeySchema: keySchema("WORK_PK", "WORK_SK"),
				Projection: &types.Projection{
					ProjectionType:   types.ProjectionTypeInclude,
					NonKeyAttributes: workAttributes,
				},
			},
			{
				IndexName:  aws.String(dueIndex),
				KeySchema:  keySchema("DUE_PK", "DUE_SK"),
				Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			},
		},
		StreamSpecification: &types.StreamSpecification{
			StreamEnabled:  aws.Bool(true),
			StreamViewType: types.StreamViewTypeNewAndOldImages,
		},
	}
}

func stringAttributes(names ...string) []types.AttributeDefinition {
	var all []types.AttributeDefinition
	for _, name := range names {
		all = append(all, types.AttributeDefinition{
			AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS,
		})
	}
	return all
}

func keySchema(partition, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(partition), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(sort), KeyType: types.KeyTypeRange},
	}
}
