"""Which step may be written inside the next one: `nn.functional.relu(self.bn1(x))`, `self.fc(x.flatten(1))`."""

from __future__ import annotations

import re

from core.source.walk import FUNCTIONS, Step

PLAIN_CALL = re.compile(r"\{module\}\(\{\w+\}\)")
OPERATOR = re.compile(r"\{tensors:[+*]\}|\{input\} [-/] \{other\}")


def may_stand_inside(step: Step, then: Step, before: int) -> bool:
    """Whether the next step may be written around a step, in which `before` others stand already.

    One stands in another, and a third only where the one between is an operator. What is written around others is one
    operation, so that an exception says by its depth in the line whose it is (see `core.engine.blame`).
    """
    if not all(each.is_expression and not each.call.code and not each.call.function for each in (step, then)):
        return False
    if before > (1 if _is_operator(step) else 0):
        return False
    if _is_operator(then):
        return len(then.arguments) == 2 and (step.is_module or is_function(step))
    if is_function(then):
        return step.is_module or (_is_operator(step) and "{input}." not in then.call.expression)
    is_plain = then.is_module and len(then.arguments) == 1 and PLAIN_CALL.fullmatch(then.call.expression)
    return bool(is_plain) and (is_function(step) or _is_operator(step))


def is_function(step: Step) -> bool:
    """Whether a step is a function without settings, such as `nn.functional.relu`."""
    return not step.is_module and step.call.expression in FUNCTIONS.values()


def _is_operator(step: Step) -> bool:
    return not step.is_module and OPERATOR.fullmatch(step.call.expression) is not None
