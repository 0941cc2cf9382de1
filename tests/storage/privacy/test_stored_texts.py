import pytest

from engine import library
from engine.library import TamperedDocumentError
from engine.people import Directory
from storage.documents import PostgresDocuments
from storage.drafts import PostgresDrafts
from storage.privacy.errors import NoKeysError
from tests.storage.facts import append, opened, started
from tests.storage.privacy.conftest import Closed
from tests.worlds import directory


def people(word: str) -> Directory:
    known = directory()
    first = known.people[0].model_copy(update={"name": f"Ada {word}", "trn": "7654321"})
    return known.model_copy(update={"people": (first, *known.people[1:])})


async def test_nobody_of_a_directory_is_in_what_is_stored(closed: Closed) -> None:
    text = library.text(people("Wrenfeather"))

    digest = await closed.documents.put("directory", text)

    assert await closed.documents.put("directory", text) == digest == library.digest(text)
    assert await closed.documents.get(digest) == text
    stored = await closed.stored()
    for person in people("Wrenfeather").people:
        assert person.name not in stored
        assert person.email not in stored
    assert "7654321" not in stored


async def test_a_directory_whose_people_were_erased_can_still_be_decided_with(closed: Closed) -> None:
    before = people("Nightjar")
    erased = before.people[0].id
    digest = await closed.documents.put("directory", library.text(before))
    await closed.keyring.shred(erased, "asked for")

    document = library.put("directory", digest, await closed.documents.get(digest))

    assert isinstance(document, Directory)
    assert document.erased == (erased,)
    assert document.person(erased).name == "erased"
    assert document.person(erased).posts == before.people[0].posts
    assert document.people[1:] == before.people[1:]


async def test_a_directory_that_was_altered_is_not_believed_even_with_erased_people(closed: Closed) -> None:
    before = people("Sandmartin")
    digest = await closed.documents.put("directory", library.text(before))
    await closed.keyring.shred(before.people[0].id, "asked for")
    async with closed.pool.acquire() as connection:
        await connection.execute("set session_replication_role = replica")
        await connection.execute(
            "update termwise.document set body = replace(body, 'headteacher', 'head-teacher') where digest = $1",
            digest,
        )
        await connection.execute("set session_replication_role = origin")

    with pytest.raises(TamperedDocumentError, match="not as it was stored"):
        await closed.documents.get(digest)


async def test_a_closed_directory_needs_keys_and_an_old_one_none(closed: Closed) -> None:
    old, new = library.text(people("Old")), library.text(people("New"))
    without = PostgresDocuments(closed.pool)
    first, second = await without.put("directory", old), await closed.documents.put("directory", new)

    assert await closed.documents.get(first) == old
    with pytest.raises(NoKeysError, match="TERMWISE_KEYS"):
        await without.get(second)


async def test_a_draft_is_closed_with_the_key_of_whoever_writes_it(closed: Closed) -> None:
    await closed.store.append(append("m:1", 0, started("m:1"), opened("t1")))
    drafts = PostgresDrafts(closed.pool, closed.keyring)

    await drafts.save("t1", "p-0001", {"why": "Wrenfeather"})

    assert "Wrenfeather" not in await closed.stored()
    kept = await drafts.read("t1", "p-0001")
    assert kept is not None
    assert kept.answers == {"why": "Wrenfeather"}
    await closed.keyring.shred("p-0001", "asked for")
    assert await drafts.read("t1", "p-0001") is None
