using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorFlow.Core.Schemas;

/// <summary>The code points that <c>\p{NAME}</c> stands for: the general categories of Unicode, by their short and long names, and a few more.</summary>
internal static class UnicodeProperties
{
    private const int Last = 0x10FFFF;

    private static readonly (string[] Names, UnicodeCategory First, UnicodeCategory Last)[] Groups =
    [
        (["L", "Letter"], UnicodeCategory.UppercaseLetter, UnicodeCategory.OtherLetter),
        (["LC", "Cased_Letter"], UnicodeCategory.UppercaseLetter, UnicodeCategory.TitlecaseLetter),
        (["M", "Mark", "Combining_Mark"], UnicodeCategory.NonSpacingMark, UnicodeCategory.EnclosingMark),
        (["N", "Number"], UnicodeCategory.DecimalDigitNumber, UnicodeCategory.OtherNumber),
        (["Z", "Separator"], UnicodeCategory.SpaceSeparator, UnicodeCategory.ParagraphSeparator),
        (["P", "Punctuation", "punct"], UnicodeCategory.ConnectorPunctuation, UnicodeCategory.OtherPunctuation),
        (["S", "Symbol"], UnicodeCategory.MathSymbol, UnicodeCategory.OtherSymbol),
    ];

    private static readonly (string Short, string Long, UnicodeCategory Category)[] Categories =
    [
        ("Lu", "Uppercase_Letter", UnicodeCategory.UppercaseLetter), ("Ll", "Lowercase_Letter", UnicodeCategory.LowercaseLetter),
        ("Lt", "Titlecase_Letter", UnicodeCategory.TitlecaseLetter), ("Lm", "Modifier_Letter", UnicodeCategory.ModifierLetter),
        ("Lo", "Other_Letter", UnicodeCategory.OtherLetter), ("Mn", "Nonspacing_Mark", UnicodeCategory.NonSpacingMark),
        ("Mc", "Spacing_Mark", UnicodeCategory.SpacingCombiningMark), ("Me", "Enclosing_Mark", UnicodeCategory.EnclosingMark),
        ("Nd", "Decimal_Number", UnicodeCategory.DecimalDigitNumber), ("Nd", "digit", UnicodeCategory.DecimalDigitNumber),
        ("Nl", "Letter_Number", UnicodeCategory.LetterNumber), ("No", "Other_Number", UnicodeCategory.OtherNumber),
        ("Zs", "Space_Separator", UnicodeCategory.SpaceSeparator), ("Zl", "Line_Separator", UnicodeCategory.LineSeparator),
        ("Zp", "Paragraph_Separator", UnicodeCategory.ParagraphSeparator), ("Cc", "Control", UnicodeCategory.Control),
        ("Cc", "cntrl", UnicodeCategory.Control), ("Cf", "Format", UnicodeCategory.Format),
        ("Cs", "Surrogate", UnicodeCategory.Surrogate), ("Co", "Private_Use", UnicodeCategory.PrivateUse),
        ("Cn", "Unassigned", UnicodeCategory.OtherNotAssigned), ("Pc", "Connector_Punctuation", UnicodeCategory.ConnectorPunctuation),
        ("Pd", "Dash_Punctuation", UnicodeCategory.DashPunctuation), ("Ps", "Open_Punctuation", UnicodeCategory.OpenPunctuation),
        ("Pe", "Close_Punctuation", UnicodeCategory.ClosePunctuation), ("Pi", "Initial_Punctuation", UnicodeCategory.InitialQuotePunctuation),
        ("Pf", "Final_Punctuation", UnicodeCategory.FinalQuotePunctuation), ("Po", "Other_Punctuation", UnicodeCategory.OtherPunctuation),
        ("Sm", "Math_Symbol", UnicodeCategory.MathSymbol), ("Sc", "Currency_Symbol", UnicodeCategory.CurrencySymbol),
        ("Sk", "Modifier_Symbol", UnicodeCategory.ModifierSymbol), ("So", "Other_Symbol", UnicodeCategory.OtherSymbol),
    ];

    private static readonly Lazy<List<(int First, int Last)>[]> ByCategory = new(Scan);

    /// <summary>The code points that have the property.</summary>
    /// <exception cref="ArgumentException">The property is not supported.</exception>
    public static CodePointSet Find(string name)
    {
        var value = name.StartsWith("General_Category=", StringComparison.Ordinal) || name.StartsWith("gc=", StringComparison.Ordinal)
            ? name[(name.IndexOf('=') + 1)..]
            : name;
        return value switch
        {
            "Any" => new([(0, Last)]),
            "ASCII" => new([(0, 0x7F)]),
            "White_Space" or "space" => new([.. CodePointSet.WhiteSpace.Ranges.Where(range => range.First != 0xFEFF), (0x85, 0x85)]),
            "Assigned" => Of(category => category is not UnicodeCategory.OtherNotAssigned),
            "C" or "Other" => Of(category => category is >= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned),
            _ => ByName(value) ?? FromDotNet(value),
        };
    }

    private static CodePointSet? ByName(string name)
    {
        var group = Array.Find(Groups, group => group.Names?.Contains(name) == true);
        if (group.Names is not null)
        {
            return Of(category => category >= group.First && category <= group.Last);
        }

        var one = Array.Find(Categories, one => one.Short == name || one.Long == name);
        return one.Short is null ? null : Of(category => category == one.Category);
    }

    /// <summary>The blocks that .NET knows, such as <c>IsGreek</c>.</summary>
    private static CodePointSet FromDotNet(string name)
    {
        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new ArgumentException($"the property {name} is not supported");
        }

        var regex = new Regex($"\\p{{{name}}}", RegexOptions.CultureInvariant, SchemaPattern.Timeout);
        Span<char> unit = stackalloc char[1];
        var ranges = new List<(int, int)>();
        for (var i = 0; i <= char.MaxValue; i++)
        {
            unit[0] = (char)i;
            if (regex.IsMatch(unit))
            {
                ranges.Add((i, i));
            }
        }

        return new(ranges);
    }

    private static CodePointSet Of(Func<UnicodeCategory, bool> isMember) =>
        new(Enum.GetValues<UnicodeCategory>().Where(isMember).SelectMany(category => ByCategory.Value[(int)category]));

    private static List<(int First, int Last)>[] Scan()
    {
        var all = Enum.GetValues<UnicodeCategory>().Select(_ => new List<(int First, int Last)>()).ToArray();
        for (var codePoint = 0; codePoint <= Last; codePoint++)
        {
            var ranges = all[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)];
            if (ranges.Count > 0 && ranges[^1].Last == codePoint - 1)
            {
                ranges[^1] = (ranges[^1].First, codePoint);
            }
            else
            {
                ranges.Add((codePoint, codePoint));
            }
        }

        return all;
    }
}
