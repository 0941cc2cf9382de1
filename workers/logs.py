"""Log lines: ours, Temporal's and every library's written the same way, to standard error."""

import logging
import sys
from typing import Literal

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.types import EventDict, Processor, WrappedLogger
from temporalio import workflow
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

_NAME = "termwise"


def configure(log_format: Literal["console", "json"], level: int = logging.INFO) -> None:
    """Send every log line of this process to standard error. Safe to repeat: the last call counts."""
    common: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_the_id,
    ]
    structlog.configure(
        processors=[*common, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.name = _NAME
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[ExtraAdder(), *common],
            processors=[ProcessorFormatter.remove_processors_meta, *_rendered(log_format)],
        )
    )
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if each.name == _NAME]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level)
    workflow.logger.workflow_info_on_message = False


def forward_core() -> None:
    """Let Temporal's core write its warnings with ours. Call it before the first client of the process."""
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    only = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logging_config = LoggingConfig(filter=only, forwarding=forwarding)
    Runtime.set_default(
        Runtime(telemetry=TelemetryConfig(logging=logging_config)), error_if_already_set=False
    )


def _rendered(log_format: Literal["console", "json"]) -> list[Processor]:
    if log_format == "json":
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]


def _only_the_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of all that Temporal says about where a line comes from, keep which instance it was."""
    for name in ("temporal_workflow", "temporal_activity"):
        said = event.pop(name, None)
        if isinstance(said, dict):
            event["workflow"] = said.get("workflow_id")
    return event
