"""How the parser names an operation of the runtime and how the code generator writes it.

An operation is a call of an attribute of the environment; its first arguments are always the
render's context and the line."""

from jinja2 import nodes

# Operations whose operands are written as lambdas, from this argument on (context and line count).
LAZY = {"coalesce": 2, "if_undefined": 2, "use_default": 3, "is_defined": 2, "macro_default": 3}
# Operations that Python's own operators do, on operands that are booleans.
JOINED = {"all_of": " and ", "any_of": " or "}


def call(operation: str, line: int, *operands: nodes.Expr) -> nodes.Call:
    return nodes.Call(
        nodes.EnvironmentAttribute(operation),
        [nodes.ContextReference(), nodes.Const(line), *operands],
        [],
        None,
        None,
        lineno=line,
    )
