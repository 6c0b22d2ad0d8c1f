using Acornima.Ast;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Finds faults in the syntax of one part of an expression.</summary>
internal sealed class FaultReader(Func<string, bool> isDeclared)
{
    private readonly List<ExpressionFault> _faults = [];

    public IReadOnlyList<ExpressionFault> Faults => _faults;

    /// <param name="node">A member access, whose object and tasks have been read already.</param>
    public void Read(MemberExpression node)
    {
        if (NameReader.LiteralKey(node) is not { } member)
        {
            return;
        }

        var fault = Inner(node.Object) switch
        {
            Identifier { Name: "workflow" } when !isDeclared("workflow") => MemberNames.WorkflowFault(member),
            Identifier { Name: var name } when !isDeclared(name) && LanguageNames.IsJavaScript(name) => MemberNames.GlobalFault(name, member),
            MemberExpression holder when TaskId(holder) is { } id => MemberNames.TaskFault(id, member),
            MemberExpression holder when NameReader.LiteralKey(holder) == "error" && Inner(holder.Object) is MemberExpression task && TaskId(task) is { } id =>
                MemberNames.ErrorFault(id, member),
            _ => null,
        };
        if (fault is not null)
        {
            _faults.Add(new(fault, node.Property.Start));
        }
    }

    /// <param name="node">A calculation or comparison.</param>
    public void Read(BinaryExpression node)
    {
        if (CheckedSource.Calculates(node.Operator))
        {
            ReadOperand(node.Left);
            ReadOperand(node.Right);
        }
    }

    public void Read(NumericLiteral node)
    {
        if (LargeNumbers.IsChanged(node) && !LargeNumbers.IsWhole(node))
        {
            AddChanged(node);
        }
    }

    public void ReadOperand(Node node)
    {
        if (node is NumericLiteral literal && LargeNumbers.IsWhole(literal) && LargeNumbers.IsChanged(literal))
        {
            AddChanged(literal);
        }
    }

    private void AddChanged(NumericLiteral literal) =>
        _faults.Add(new($"JavaScript does not hold the number {OneLine.Of(literal.Raw, 60)} exactly: write it as text", literal.Start));

    private string? TaskId(MemberExpression node) =>
        Inner(node.Object) is Identifier { Name: LanguageNames.Tasks } && !isDeclared(LanguageNames.Tasks) ? NameReader.LiteralKey(node) : null;

    private static Node Inner(Node node) => node is ChainExpression { Expression: var inner } ? inner : node;
}
