using System.Text;
using Acornima;
using Acornima.Ast;

namespace ActorFlow.Core.Expressions.Parsing;

/// <summary>
/// The text that the engine runs: the expression with a call put around each template literal and each literal with a
/// spread. Both can make large values between two statements, where the engine checks its limits; the call checks them too.
/// </summary>
internal sealed class CheckedSource : AstVisitor
{
    /// <summary>Checks the limits and returns its argument. No expression can declare the name.</summary>
    public const string Check = "__check";

    /// <summary>Returns its argument; fails for a string, whose characters must not become properties.</summary>
    public const string Spread = "__spread";

    private readonly HashSet<Node> _operands = [];
    private readonly List<(int At, int Order, string Text)> _insertions = [];

    /// <summary>The text to run for an expression's text and syntax.</summary>
    public static string Of(string text, Acornima.Ast.Expression syntax)
    {
        var source = new CheckedSource();
        source.Visit(syntax);
        var checkedText = new StringBuilder("(");
        var copied = 0;
        foreach (var (at, _, inserted) in source._insertions.OrderBy(insertion => insertion.At).ThenBy(insertion => insertion.Order))
        {
            checkedText.Append(text, copied, at - copied).Append(inserted);
            copied = at;
        }

        // The parentheses make `{ a: 1 }` an object; the line break ends a trailing `// comment`.
        return checkedText.Append(text, copied, text.Length - copied).Append("\n)").ToString();
    }

    protected override object? VisitTemplateLiteral(TemplateLiteral node)
    {
        if (node.Expressions.Count > 0)
        {
            Around(node, Check);
        }

        return base.VisitTemplateLiteral(node);
    }

    // The template of a tag is not a value by itself.
    protected override object? VisitTaggedTemplateExpression(TaggedTemplateExpression node)
    {
        Visit(node.Tag);
        return base.VisitTemplateLiteral(node.Quasi);
    }

    protected override object? VisitArrayExpression(ArrayExpression node)
    {
        if (node.Elements.Any(element => element is SpreadElement))
        {
            Around(node, Check);
        }

        return base.VisitArrayExpression(node);
    }

    protected override object? VisitObjectExpression(ObjectExpression node)
    {
        foreach (var spread in node.Properties.OfType<SpreadElement>())
        {
            Around(spread.Argument, Spread);
        }

        if (node.Properties.Any(property => property is SpreadElement))
        {
            Around(node, Check);
        }

        return base.VisitObjectExpression(node);
    }

    /// <summary>Whether the operator converts its operands to numbers.</summary>
    public static bool Calculates(Operator @operator) => @operator is
        Operator.Addition or Operator.Subtraction or Operator.Multiplication or Operator.Division or Operator.Remainder or Operator.Exponentiation
        or Operator.BitwiseAnd or Operator.BitwiseOr or Operator.BitwiseXor or Operator.LeftShift or Operator.RightShift or Operator.UnsignedRightShift
        or Operator.LessThan or Operator.LessThanOrEqual or Operator.GreaterThan or Operator.GreaterThanOrEqual or Operator.Equality or Operator.Inequality;

    protected override object? VisitBinaryExpression(BinaryExpression node)
    {
        if (Calculates(node.Operator))
        {
            _operands.Add(node.Left);
            _operands.Add(node.Right);
        }

        return base.VisitBinaryExpression(node);
    }

    protected override object? VisitUnaryExpression(UnaryExpression node)
    {
        _operands.Add(node.Argument);
        if (node.Operator == Operator.TypeOf && node.Argument is not SequenceExpression)
        {
            Around(node.Argument, LargeNumbers.Type);
        }

        return base.VisitUnaryExpression(node);
    }

    protected override object? VisitLiteral(Literal node)
    {
        // A number that its double holds exactly may be calculated with.
        if (node is NumericLiteral number && LargeNumbers.IsWhole(number) && (!_operands.Contains(node) || LargeNumbers.IsChanged(number)))
        {
            Around(node, LargeNumbers.Literal, "\"");
        }

        return base.VisitLiteral(node);
    }

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

    private void VisitKey(Property node)
    {
        if (node.Computed)
        {
            Visit(node.Key);
        }
    }

    /// <summary>Puts a call around a node. Outer nodes are visited first, so their calls stand outside those of inner nodes.</summary>
    private void Around(Node node, string function, string quote = "")
    {
        var order = _insertions.Count;
        _insertions.Add((node.Start, order, function + "(" + quote));
        _insertions.Add((node.End, -order, quote + ")"));
    }
}
