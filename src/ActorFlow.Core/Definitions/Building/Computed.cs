using System.Linq.Expressions;
using System.Text.Json.Serialization;

namespace ActorFlow.Core.Definitions.Building;

/// <summary>
/// A value that the run computes: an expression of the language. It stands wherever the definition takes one: in the input of a
/// handler as a member of any object, in a condition, within a text by string interpolation.
/// </summary>
[JsonConverter(typeof(ComputedConverter))]
public abstract class Computed
{
    private protected Computed(string code) => Code = code;

    /// <summary>The JavaScript expression, without <c>${{ }}</c>.</summary>
    public string Code { get; }

    /// <summary>The element of the innermost <c>for-each</c>.</summary>
    public static Computed<T> Item<T>() => new("item");

    /// <summary>A part of the element of the innermost <c>for-each</c>.</summary>
    public static Computed<TMember> Item<T, TMember>(Expression<Func<T, TMember>> member) => Item<T>().Get(member);

    /// <summary>The index of that element.</summary>
    public static Computed<int> Index => new("index");

    /// <summary>The iteration of the innermost <c>repeat</c>.</summary>
    public static Computed<int> Iteration => new("iteration");

    /// <summary>A secret, in the input of a handler only.</summary>
    /// <param name="name">Its name.</param>
    public static Computed<string> Secret(string name) => new($"secrets.{name}");

    /// <summary>A JavaScript expression as text, for what the C# forms do not cover.</summary>
    /// <param name="code">One expression, without <c>${{ }}</c>.</param>
    public static Computed<T> JavaScript<T>(string code) => new(code);

    /// <summary>The expression as it stands in a definition: <c>${{ code }}</c>.</summary>
    public sealed override string ToString() => $"${{{{ {Code} }}}}";
}

/// <summary>A value that the run computes.</summary>
/// <typeparam name="T">The type of the value, as System.Text.Json's web conventions read it.</typeparam>
[JsonConverter(typeof(ComputedConverter))]
public sealed class Computed<T> : Computed
{
    internal Computed(string code)
        : base(code)
    {
    }

    /// <summary>A part of the value, or an expression over it: <c>order => order.Items[0].Price > 10</c>.</summary>
    /// <param name="expression">
    /// Members, indexers, <c>Length</c> and <c>Count</c>, comparisons, arithmetic, logic, <c>?:</c>, <c>??</c> and constants.
    /// </param>
    /// <exception cref="NotSupportedException">The expression has no counterpart in JavaScript.</exception>
    public Computed<TMember> Get<TMember>(Expression<Func<T, TMember>> expression) => new(JavaScriptTranslation.Of(expression, Code));

    /// <summary>Whether both hold.</summary>
    public static Computed<bool> operator &(Computed<T> left, Computed right) => new($"({left.Code}) && ({right.Code})");

    /// <summary>Whether one of them holds.</summary>
    public static Computed<bool> operator |(Computed<T> left, Computed right) => new($"({left.Code}) || ({right.Code})");

    /// <summary>Whether it does not hold.</summary>
    public static Computed<bool> operator !(Computed<T> value) => new($"!({value.Code})");
}
