using Acornima.Ast;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Refuses JavaScript syntax that the language does not have: it waits, reaches outside the expression, or changes what the expression did not declare.</summary>
internal sealed partial class NameReader
{
    protected override object? VisitAssignmentExpression(AssignmentExpression node)
    {
        CheckTarget(node.Left);
        return base.VisitAssignmentExpression(node);
    }

    protected override object? VisitUnaryExpression(UnaryExpression node)
    {
        if (node.Operator == Acornima.Operator.Delete)
        {
            throw Refused(node, "delete");
        }

        _faults.ReadOperand(node.Argument);
        if (node is UpdateExpression)
        {
            CheckTarget(node.Argument);
        }

        return base.VisitUnaryExpression(node);
    }

    protected override object? VisitAwaitExpression(AwaitExpression node) => throw Refused(node, "await");

    protected override object? VisitYieldExpression(YieldExpression node) => throw Refused(node, "yield");

    protected override object? VisitImportExpression(ImportExpression node) => throw Refused(node, "import");

    protected override object? VisitMetaProperty(MetaProperty node) => throw Refused(node, $"{node.Meta.Name}.{node.Property.Name}");

    protected override object? VisitThisExpression(ThisExpression node) => throw Refused(node, "this");

    protected override object? VisitSuper(Super node) => throw Refused(node, "super");

    protected override object? VisitClassExpression(ClassExpression node) => throw Refused(node, "class");

    protected override object? VisitClassDeclaration(ClassDeclaration node) => throw Refused(node, "class");

    protected override object? VisitDebuggerStatement(DebuggerStatement node) => throw Refused(node, "debugger");

    protected override object? VisitLiteral(Literal node)
    {
        if (node is NumericLiteral number)
        {
            _faults.Read(number);
        }

        return node is BigIntLiteral ? throw new ExpressionSyntaxException("A BigInt is not JSON: write the number without n.", node.Start) : node;
    }

    protected override object? VisitBinaryExpression(BinaryExpression node)
    {
        _faults.Read(node);
        return base.VisitBinaryExpression(node);
    }

    private static ExpressionSyntaxException Refused(Node node, string what) =>
        new($"An expression cannot use {what}.", node.Start);

    private static ExpressionSyntaxException UnknownName(Identifier node) => new(
        node.Name switch
        {
            LanguageNames.Tasks => "After tasks comes the id of a task: tasks.ID or tasks['ID'].",
            LanguageNames.Secrets => "A secret stands alone in its ${{ }}, its name written out: ${{ secrets.NAME }}.",
            "Date" or "performance" or "Temporal" or "crypto" =>
                $"The name {node.Name} is not there, for an expression gives the same each time it is evaluated: workflow.startedAt is when the run started, or take the value from a task's output.",
            _ => $"The name '{OneLine.Of(node.Name, 100)}' is not known here{NearestWord.Suggest(node.Name, LanguageNames.Data).TrimEnd('?')}: an expression sees input, tasks, item, index, iteration, workflow and secrets; "
                + "write tasks['a-b'] for an id with a dash.",
        },
        node.Start);

    private void CheckTargetUnlessDeclaration(Node left)
    {
        if (left is not VariableDeclaration)
        {
            CheckTarget(left);
        }
    }

    /// <summary>Refuses assignments to names that the expression did not declare.</summary>
    private void CheckTarget(Node? target)
    {
        switch (target)
        {
            case null:
                break;
            case Identifier { Name: var name } when _declared.Contains(name):
                break;
            case AssignmentPattern { Left: var left }:
                CheckTarget(left);
                break;
            case RestElement { Argument: var argument }:
                CheckTarget(argument);
                break;
            case ArrayPattern array:
                foreach (var element in array.Elements)
                {
                    CheckTarget(element);
                }

                break;
            case ObjectPattern @object:
                foreach (var property in @object.Properties)
                {
                    CheckTarget(property is AssignmentProperty { Value: var value } ? value : property);
                }

                break;
            default:
                throw new ExpressionSyntaxException("An expression may assign only to variables of its own functions.", target.Start);
        }
    }
}
