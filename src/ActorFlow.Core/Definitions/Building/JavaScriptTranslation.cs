using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>Turns a C# lambda over a JSON value into the JavaScript expression that does the same.</summary>
internal sealed class JavaScriptTranslation
{
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.?[]");

    private readonly ParameterExpression _parameter;
    private readonly string _root;

    private JavaScriptTranslation(ParameterExpression parameter, string root) => (_parameter, _root) = (parameter, root);

    /// <param name="lambda">A lambda of one parameter.</param>
    /// <param name="root">The JavaScript expression that the parameter stands for.</param>
    public static string Of(LambdaExpression lambda, string root) =>
        new JavaScriptTranslation(lambda.Parameters[0], IsPath(root) ? root : $"({root})").Translate(lambda.Body);

    private static bool IsPath(string code)
    {
        // A task id with a dash stands in quotes.
        var start = code.StartsWith("tasks['", StringComparison.Ordinal) ? code.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        return code.AsSpan(start).IndexOfAnyExcept(PathCharacters) < 0;
    }

    private string Translate(Expression expression) => expression switch
    {
        ParameterExpression parameter when parameter == _parameter => _root,
        UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert => Translate(convert.Operand),
        UnaryExpression { NodeType: ExpressionType.Not } not => $"!{Part(not.Operand)}",
        UnaryExpression { NodeType: ExpressionType.Negate } negate => $"-{Part(negate.Operand)}",
        UnaryExpression { NodeType: ExpressionType.ArrayLength } length => $"{Part(length.Operand)}.length",
        BinaryExpression { NodeType: ExpressionType.ArrayIndex } index => $"{Part(index.Left)}[{Translate(index.Right)}]",
        MethodCallExpression { Object: { } target, Method.Name: "get_Item", Arguments: [var index] } => $"{Part(target)}[{Translate(index)}]",
        BinaryExpression binary => $"{Part(binary.Left)} {OperatorOf(binary)} {Part(binary.Right)}",
        ConditionalExpression condition => $"{Part(condition.Test)} ? {Part(condition.IfTrue)} : {Part(condition.IfFalse)}",
        ConstantExpression constant => Literal(constant.Value),
        MemberExpression member when Depends(member) => Member(member),
        MemberExpression captured => Literal(ValueOf(captured)),
        _ => throw NotSupported(expression),
    };

    /// <summary>A part of a larger expression, in parentheses where precedence could matter.</summary>
    private string Part(Expression expression)
    {
        var text = Translate(expression);
        return Inner(expression) is BinaryExpression { NodeType: not ExpressionType.ArrayIndex } or ConditionalExpression ? $"({text})" : text;
    }

    private string Member(MemberExpression member)
    {
        var target = Part(member.Expression!);
        var owner = member.Member.DeclaringType!;
        if (Nullable.GetUnderlyingType(owner) is not null)
        {
            return member.Member.Name == "Value" ? target : $"{target} != null";
        }

        var isCount = member.Member.Name is "Length" or "Count"
            && (owner == typeof(string) || owner.IsAssignableTo(typeof(System.Collections.IEnumerable)) || owner.Name.StartsWith("IReadOnlyCollection", StringComparison.Ordinal));
        var name = isCount ? "length" : NameOf(member.Member);
        return IsIdentifier(name) ? $"{target}.{name}" : $"{target}[{Literal(name)}]";
    }

    private bool Depends(Expression expression) => Inner(expression) switch
    {
        ParameterExpression => true,
        MemberExpression { Expression: { } target } => Depends(target),
        MethodCallExpression { Object: { } target } => Depends(target),
        BinaryExpression binary => Depends(binary.Left),
        _ => false,
    };

    private static Expression Inner(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert ? Inner(convert.Operand) : expression;

    private static string OperatorOf(BinaryExpression binary) => binary.NodeType switch
    {
        // A missing member is undefined, which only the loose comparison takes for null.
        ExpressionType.Equal => IsNull(binary.Left) || IsNull(binary.Right) ? "==" : "===",
        ExpressionType.NotEqual => IsNull(binary.Left) || IsNull(binary.Right) ? "!=" : "!==",
        ExpressionType.LessThan => "<",
        ExpressionType.LessThanOrEqual => "<=",
        ExpressionType.GreaterThan => ">",
        ExpressionType.GreaterThanOrEqual => ">=",
        ExpressionType.AndAlso => "&&",
        ExpressionType.OrElse => "||",
        ExpressionType.Add => "+",
        ExpressionType.Subtract => "-",
        ExpressionType.Multiply => "*",
        ExpressionType.Modulo => "%",
        ExpressionType.Divide when binary.Type == typeof(double) || binary.Type == typeof(float) || binary.Type == typeof(decimal) => "/",
        ExpressionType.Coalesce => "??",
        _ => throw NotSupported(binary),
    };

    private static bool IsNull(Expression expression) => Inner(expression) is ConstantExpression { Value: null };

    private static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    private static string Literal(object? value) => JsonSerializer.Serialize(value, BuiltPayload.Options);

    /// <summary>A variable of the surrounding method, which the compiler keeps as a field.</summary>
    private static object? ValueOf(MemberExpression member)
    {
        var target = member.Expression switch
        {
            null => null,
            ConstantExpression constant => constant.Value,
            MemberExpression outer => ValueOf(outer),
            _ => throw NotSupported(member),
        };
        return member.Member switch
        {
            FieldInfo field => field.GetValue(target),
            PropertyInfo property => property.GetValue(target),
            _ => throw NotSupported(member),
        };
    }

    private static NotSupportedException NotSupported(Expression expression) =>
        new($"'{expression}' has no counterpart in JavaScript; write it with Computed.JavaScript.");
}
