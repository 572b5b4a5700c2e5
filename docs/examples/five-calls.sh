#!/usr/bin/env bash
# A request's life in five curl calls. ANA and RIVERA hold a member's and a care manager's token.
set -euo pipefail
API=${API:-http://localhost:3000}/v1
id() { node -p 'JSON.parse(require("fs").readFileSync(0)).id'; }

# 1. Ana requests a chat.
REQUEST=$(curl -sf "$API/members/me/chat-requests" -H "Authorization: Bearer $ANA" \
  -H 'Content-Type: application/json' -H "Idempotency-Key: five-calls-$(date +%s)-$RANDOM" \
  -d '{"programId": "diabetes", "reasonId": "symptoms", "comment": "My feet tingle since Monday."}' | id)

# 2. She sees the confirmation.
curl -sf "$API/members/me/chats" -H "Authorization: Bearer $ANA"

# 3. She changes the reason.
curl -sf -X PATCH "$API/members/me/chat-requests/$REQUEST" -H "Authorization: Bearer $ANA" \
  -H 'Content-Type: application/json' -d '{"reasonId": "medication"}'

# 4. Her care manager finds the task.
curl -sf "$API/tasks" -H "Authorization: Bearer $RIVERA"

# 5. Her care manager closes it.
curl -sf "$API/members/ana/chat-requests/$REQUEST/close" -H "Authorization: Bearer $RIVERA" \
  -H 'Content-Type: application/json' -d '{"outcome": "called"}'
