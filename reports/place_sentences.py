"""What became of places that are told and of addresses that fail, one sentence for each fact."""

from engine.people import Directory
from engine.register.address_facts import AddressCleared, AddressFailed
from engine.register.channel_facts import ChannelClosed, ChannelOpened
from reports.names import name
from reports.register_sentences import say
from reports.wording import count


@say.register
def _(fact: ChannelOpened, directory: Directory) -> str:
    del directory
    what = ", ".join(kind.replace("-", " ") for kind in fact.kinds) or "everything"
    return f"the place {fact.channel} is told of {what}"


@say.register
def _(fact: ChannelClosed, directory: Directory) -> str:
    del directory
    return f"the place {fact.channel} is told nothing more"


@say.register
def _(fact: AddressFailed, directory: Directory) -> str:
    who = count(len(fact.told), "administrator") if fact.told else "nobody"
    told = f"{who} {'are' if len(fact.told) > 1 else 'is'} told"
    return (
        f"mail to {name(directory, fact.person)} came back for good ({fact.code}); letters wait, and {told}"
    )


@say.register
def _(fact: AddressCleared, directory: Directory) -> str:
    return f"the address of {name(directory, fact.person)} is trusted again; the letters that waited go"
