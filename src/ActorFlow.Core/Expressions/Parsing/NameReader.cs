using Acornima;
using Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>
/// Walks a syntax tree: collects the names of the language that it reads, and refuses unknown names.
/// Syntax that the language does not have is refused in <c>NameReader.Refused.cs</c>.
/// </summary>
internal sealed partial class NameReader : AstVisitor
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
}
