"""The story of one request, told by the Python client that openapi-generator generates."""

import os
import time

from care import ApiClient, ApiException, Configuration
from care.api import ChatsApi, RequestsApi, SessionApi, ThreadsApi, WorkApi
from care.models import ChatRequestNew, Closing, FirstMessage, NewMessage, ReadUpTo, ReasonChange

KEY = f"python-client-{time.time_ns()}"


def connect(variable):
    return ApiClient(Configuration(host=os.environ["API"], access_token=os.environ[variable]))


def eventually(try_it):
    """A list of work may trail a moment."""
    deadline = time.monotonic() + 10
    while not try_it():
        assert time.monotonic() < deadline, "it never happens"


member, care_manager = connect("MEMBER_TOKEN"), connect("CARE_MANAGER_TOKEN")
requests, chats, threads = RequestsApi(member), ChatsApi(member), ThreadsApi(member)

me = SessionApi(member).get_me().actual_instance
assert me.kind == "member", me
form = requests.get_request_form("me")
requests.request_chat(
    member_id="me",
    idempotency_key=KEY,
    chat_request_new=ChatRequestNew(program_id="diabetes", reason_id=form.reasons[0].id, comment="My feet tingle."),
)

screen = chats.get_chats_with_http_info("me")
[chat] = screen.data.requests
etag = {name.lower(): value for name, value in screen.headers.items()}["etag"]
try:
    chats.get_chats("me", if_none_match=etag)
    raise AssertionError("polling again is not 304")
except ApiException as unchanged:
    assert unchanged.status == 304, unchanged
changed = requests.change_reason("me", chat.id, ReasonChange(reason_id="medication"), if_match=f'"{chat.version}"')
assert changed.reason.id == "medication", changed

work = WorkApi(care_manager)
eventually(lambda: any(task.id == chat.id for task in work.list_tasks().items))
ThreadsApi(care_manager).start_thread("ana", FirstMessage(program_id="diabetes", client_message_id=KEY, text="Hello Ana"))

screen = chats.get_chats("me")
assert screen.unread.has_unread, screen
thread = screen.threads[0]
page = threads.list_messages("me", thread.id)
assert threads.mark_read("me", thread.id, ReadUpTo(seq=page.last_seq)).unread_count == 0
assert threads.send_message("me", thread.id, NewMessage(client_message_id=KEY, text="Thank you")).author.is_me

assert work.close_chat_request("ana", chat.id, Closing(outcome="answered")).outcome == "answered"
try:
    requests.cancel_chat_request("me", chat.id)
    raise AssertionError("cancelling too late is not 409")
except ApiException as late:
    assert late.data.code == "request-closed", late
    assert late.data.current.actual_instance.state == "closed", late
print("the story is told")
