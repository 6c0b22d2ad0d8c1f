using Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>Tracks where names are declared: a name that the expression declares hides one of the language.</summary>
internal sealed partial class NameReader
{
    protected override object? VisitArrowFunctionExpression(ArrowFunctionExpression node) => VisitFunction(node, namesItself: false);

    protected override object? VisitFunctionExpression(FunctionExpression node) => VisitFunction(node, namesItself: true);

    protected override object? VisitFunctionDeclaration(FunctionDeclaration node) => VisitFunction(node, namesItself: false);

    protected override object? VisitFunctionBody(FunctionBody node)
    {
        _declared.EnterFunctionBody(node);
        VisitAll(in node.Body);
        _declared.Leave();
        return node;
    }

    protected override object? VisitBlockStatement(BlockStatement node)
    {
        _declared.EnterBlock(in node.Body);
        VisitAll(in node.Body);
        _declared.Leave();
        return node;
    }

    protected override object? VisitSwitchStatement(SwitchStatement node)
    {
        _declared.EnterSwitch(node);
        base.VisitSwitchStatement(node);
        _declared.Leave();
        return node;
    }

    protected override object? VisitForStatement(ForStatement node)
    {
        EnterHead(node.Init);
        base.VisitForStatement(node);
        _declared.Leave();
        return node;
    }

    protected override object? VisitForInStatement(ForInStatement node)
    {
        EnterHead(node.Left);
        CheckTargetUnlessDeclaration(node.Left);
        base.VisitForInStatement(node);
        _declared.Leave();
        return node;
    }

    protected override object? VisitForOfStatement(ForOfStatement node)
    {
        if (node.Await)
        {
            throw Refused(node, "for await");
        }

        EnterHead(node.Left);
        CheckTargetUnlessDeclaration(node.Left);
        base.VisitForOfStatement(node);
        _declared.Leave();
        return node;
    }

    protected override object? VisitCatchClause(CatchClause node)
    {
        _declared.EnterHead(node.Param);
        base.VisitCatchClause(node);
        _declared.Leave();
        return node;
    }

    // Labels are not names of variables.
    protected override object? VisitLabeledStatement(LabeledStatement node) => Visit(node.Body);

    protected override object? VisitBreakStatement(BreakStatement node) => node;

    protected override object? VisitContinueStatement(ContinueStatement node) => node;

    protected override object? VisitObjectProperty(ObjectProperty node)
    {
        VisitKey(node);
        return Visit(node.Value);
    }

    protected override object? VisitAssignmentProperty(AssignmentProperty node)
    {
        VisitKey(node);
        return Visit(node.Value);
    }

    private void EnterHead(Node? declaration) => _declared.EnterHead(declaration as VariableDeclaration);

    private void VisitKey(Property node)
    {
        if (node.Computed)
        {
            Visit(node.Key);
        }
    }

    private Node VisitFunction(IFunction node, bool namesItself)
    {
        if (node.Async || node.Generator)
        {
            throw Refused((Node)node, node.Async ? "async" : "function*");
        }

        _declared.EnterFunction(node, namesItself);
        foreach (var parameter in node.Params)
        {
            Visit(parameter);
        }

        Visit(node.Body);
        _declared.Leave();
        return (Node)node;
    }

    private void VisitAll(in NodeList<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Visit(statement);
        }
    }
}
