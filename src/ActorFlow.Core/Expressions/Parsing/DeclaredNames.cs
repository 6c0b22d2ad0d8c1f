using Acornima;
using Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>The names that an expression declares, scope by scope: parameters, <c>let</c>, <c>const</c>, <c>var</c>, functions.</summary>
internal sealed class DeclaredNames
{
    private readonly Stack<HashSet<string>> _scopes = [];

    public bool Contains(string name)
    {
        foreach (var scope in _scopes)
        {
            if (scope.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    public void Leave() => _scopes.Pop();

    public void EnterFunction(IFunction function, bool namesItself)
    {
        var names = Enter();
        if (namesItself && function.Id is { } id)
        {
            Add(names, id);
        }

        foreach (var parameter in function.Params)
        {
            AddPattern(names, parameter);
        }
    }

    public void EnterBlock(in NodeList<Statement> statements)
    {
        var names = Enter();
        foreach (var statement in statements)
        {
            AddLexical(names, statement);
        }
    }

    public void EnterFunctionBody(FunctionBody body)
    {
        EnterBlock(in body.Body);
        new HoistedNames(_scopes.Peek()).Visit(body);
    }

    public void EnterSwitch(SwitchStatement node)
    {
        var names = Enter();
        foreach (var @case in node.Cases)
        {
            foreach (var statement in @case.Consequent)
            {
                AddLexical(names, statement);
            }
        }
    }

    /// <summary>Enters the head of a <c>for</c> or a <c>catch</c>.</summary>
    public void EnterHead(Node? declaration)
    {
        var names = Enter();
        if (declaration is Statement statement)
        {
            AddLexical(names, statement);
        }
        else if (declaration is not null)
        {
            AddPattern(names, declaration);
        }
    }

    private static void AddLexical(HashSet<string> names, Statement statement)
    {
        switch (statement)
        {
            case VariableDeclaration { Kind: not VariableDeclarationKind.Var } declaration:
                AddDeclarators(names, declaration);
                break;
            case FunctionDeclaration { Id: { } id }:
                Add(names, id);
                break;
        }
    }

    private static void AddDeclarators(HashSet<string> names, VariableDeclaration declaration)
    {
        foreach (var declarator in declaration.Declarations)
        {
            AddPattern(names, declarator.Id);
        }
    }

    private static void AddPattern(HashSet<string> names, Node? pattern)
    {
        switch (pattern)
        {
            case Identifier identifier:
                Add(names, identifier);
                break;
            case AssignmentPattern { Left: var left }:
                AddPattern(names, left);
                break;
            case RestElement { Argument: var argument }:
                AddPattern(names, argument);
                break;
            case ArrayPattern array:
                foreach (var element in array.Elements)
                {
                    AddPattern(names, element);
                }

                break;
            case ObjectPattern @object:
                foreach (var property in @object.Properties)
                {
                    AddPattern(names, property is AssignmentProperty { Value: var value } ? value : property);
                }

                break;
        }
    }

    private static void Add(HashSet<string> names, Identifier name)
    {
        if (name.Name is CheckedSource.Check or CheckedSource.Spread)
        {
            throw new ExpressionSyntaxException($"The name {name.Name} is taken.", name.Start);
        }

        names.Add(name.Name);
    }

    private HashSet<string> Enter()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _scopes.Push(names);
        return names;
    }

    /// <summary>Finds each <c>var</c> of one function, however deep in blocks, but not in inner functions.</summary>
    private sealed class HoistedNames(HashSet<string> names) : AstVisitor
    {
        protected override object? VisitVariableDeclaration(VariableDeclaration node)
        {
            if (node.Kind == VariableDeclarationKind.Var)
            {
                AddDeclarators(names, node);
            }

            return node;
        }

        protected override object? VisitFunctionDeclaration(FunctionDeclaration node) => node;

        protected override object? VisitFunctionExpression(FunctionExpression node) => node;

        protected override object? VisitArrowFunctionExpression(ArrowFunctionExpression node) => node;
    }
}
