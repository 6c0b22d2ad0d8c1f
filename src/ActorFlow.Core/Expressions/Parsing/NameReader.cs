using Acornima;
using Acornima.Ast;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>
/// Walks a syntax tree: collects the names of the language that it reads, and refuses unknown names.
/// Syntax that the language does not have is refused in <c>NameReader.Refused.cs</c>.
/// </summary>
internal sealed class NameReader : AstVisitor
{
    private readonly DeclaredNames _declared = new();
    private readonly List<ExpressionReference> _references = [];
    private readonly List<TaskRead> _tasks = [];
    private readonly FaultReader _faults;
    private int _depth;
    private bool _calls;

    private NameReader() => _faults = new(_declared.Contains);

    /// <exception cref="ExpressionSyntaxException">The expression has an unknown name, or syntax that the language refuses.</exception>
    public static NamesRead Read(Acornima.Ast.Expression syntax)
    {
        var reader = new NameReader();
        try
        {
            if (!reader.TryReadSecret(syntax))
            {
                reader.Visit(syntax);
            }
        }
        catch (InsufficientExecutionStackException)
        {
            throw ExpressionSyntax.TooDeep(0);
        }

        return new([.. reader._references], [.. reader._tasks], reader._calls, [.. reader._faults.Faults]);
    }

    public override object? Visit(Node node)
    {
        if (++_depth > ExpressionLimits.SyntaxDepth)
        {
            throw ExpressionSyntax.TooDeep(node.Start);
        }

        _calls |= node is CallExpression or NewExpression or TaggedTemplateExpression or IFunction;
        var result = base.Visit(node);
        _depth--;
        return result;
    }

    protected override object? VisitIdentifier(Identifier node)
    {
        if (_declared.Contains(node.Name))
        {
            return node;
        }

        if (LanguageNames.Find(node.Name) is { } kind)
        {
            _references.Add(new(kind, null, node.Start));
        }
        else if (!LanguageNames.IsJavaScript(node.Name))
        {
            throw UnknownName(node);
        }

        return node;
    }

    protected override object? VisitMemberExpression(MemberExpression node)
    {
        if (TaskId(node) is { } whole)
        {
            AddTask(whole, TaskParts.All, node.Start);
            return node;
        }

        var inner = WithoutChain(node.Object);
        if (TaskId(inner) is { } id)
        {
            AddTask(id, Part(LiteralKey(node)), inner.Start);
        }
        else
        {
            Visit(node.Object);
        }

        _faults.Read(node);
        if (node.Computed)
        {
            Visit(node.Property);
        }

        return node;
    }

    /// <summary>The name after the dot, or the string in the brackets; null if it is not known before evaluation.</summary>
    internal static string? LiteralKey(MemberExpression node) => node switch
    {
        { Computed: false, Property: Identifier { Name: var name } } => name,
        { Computed: true, Property: StringLiteral { Value: var text } } => text,
        _ => null,
    };

    private static Node WithoutChain(Node node) => node is ChainExpression { Expression: var inner } ? inner : node;

    private static TaskParts Part(string? member) => member switch
    {
        null => TaskParts.All,
        "status" => TaskParts.Status,
        "output" => TaskParts.Output,
        "error" => TaskParts.Error,
        "attempts" => TaskParts.Attempts,
        _ => TaskParts.None,
    };

    private bool TryReadSecret(Node syntax)
    {
        if (WithoutChain(syntax) is MemberExpression { Object: Identifier { Name: LanguageNames.Secrets } } member
            && LiteralKey(member) is { } name)
        {
            _references.Add(new(ReferenceKind.Secret, name, syntax.Start));
            return true;
        }

        return false;
    }

    private string? TaskId(Node node)
    {
        if (node is not MemberExpression { Object: Identifier { Name: LanguageNames.Tasks } } member || _declared.Contains(LanguageNames.Tasks))
        {
            return null;
        }

        return LiteralKey(member) ?? throw new ExpressionSyntaxException(
            "The task's id must be written out: tasks.ID or tasks['ID'].", member.Property.Start);
    }

    private void AddTask(string id, TaskParts parts, int position)
    {
        _references.Add(new(ReferenceKind.Task, id, position));
        var known = _tasks.FindIndex(task => task.Id == id);
        if (known < 0)
        {
            _tasks.Add(new(id, parts));
        }
        else
        {
            _tasks[known] = new(id, parts | _tasks[known].Parts);
        }
    }

    // Refuses JavaScript syntax that the language does not have: it waits, reaches outside the expression, or changes what the expression did not declare

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

    // Tracks where names are declared: a name that the expression declares hides one of the language

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
