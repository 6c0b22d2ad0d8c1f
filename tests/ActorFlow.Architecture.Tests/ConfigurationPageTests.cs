using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using ActorFlow.Configuration;
using ActorFlow.Core.Definitions;
using ActorFlow.Node.Api;
using ActorFlow.Node.Security;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Tasks;

namespace ActorFlow.Architecture.Tests;

/// <summary>The tables of docs/configuration.md say what the options classes say.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly List<Row> Page = [.. Rows(File.ReadAllText(Repository.PathOf("docs", "configuration.md")))];

    private static readonly List<Row> Classes =
        [.. RowsOf(new ActorFlowOptions(), ""), .. RowsOf(new BuiltInTaskOptions(), "Tasks:"), .. RowsOf(new ApiOptions(), "Api:"),
        .. RowsOf(new AuthOptions(), "Auth:")];

    public static TheoryData<string> Keys => [.. Classes.Select(row => row.Key)];

    [Fact]
    public void The_page_has_every_key_and_no_other() => Assert.Equal(Classes.Select(row => row.Key).Order(), Page.Select(row => row.Key).Order());

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_has_the_kind_range_and_default_of_its_property(string key)
    {
        var (said, real) = (Page.Single(row => row.Key == key), Classes.Single(row => row.Key == key));

        Assert.Equal(real.Kind, said.Kind);
        // Where no attribute gives a range, the page describes it in its own words.
        Assert.Equal(real.Range ?? said.Range, said.Range);
        Assert.Equal(real.Default ?? said.Default, said.Default);
    }

    private static IEnumerable<Row> RowsOf(object options, string prefix) =>
        options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
        {
            var value = property.GetValue(options);
            return value is not string && value?.GetType() is { IsClass: true, Namespace: { } name } && name.StartsWith("ActorFlow", StringComparison.Ordinal)
                ? RowsOf(value, $"{prefix}{property.Name}:")
                : [new($"{prefix}{property.Name}", KindOf(property.PropertyType), RangeOf(property), DefaultOf(value))];
        });

    private static string KindOf(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "duration"
        : type.IsEnum ? "word"
        : type == typeof(IList<string>) ? "list of texts"
        : type == typeof(IDictionary<string, int>) ? "numbers by name"
        : "whole number";

    private static string? RangeOf(PropertyInfo property)
    {
        var names = property.PropertyType.IsEnum ? Enum.GetNames(property.PropertyType) : [];
        return names.Length > 0 ? $"{string.Join(", ", names[..^1])} or {names[^1]}" : property.GetCustomAttribute<SettingRangeAttribute>()?.Words;
    }

    /// <summary>The default as the page writes it; null means that the page describes it in its own words.</summary>
    private static string? DefaultOf(object? value) => value switch
    {
        null => "none",
        "" => "empty",
        string text => $"`{text}`",
        bool flag => flag ? "true" : "false",
        TimeSpan duration => Duration.ToText(duration),
        IDictionary => null,
        IList<string> { Count: 0 } => "empty",
        IList<string> list => string.Join(", ", list.Select(element => $"`{element}`")),
        _ => FormattableString.Invariant($"{value}"),
    };

    private static IEnumerable<Row> Rows(string page) => TableRow().Matches(page).Select(row =>
        new Row(row.Groups["key"].Value, row.Groups["kind"].Value.Trim(), row.Groups["range"].Value.Trim(), row.Groups["default"].Value.Trim()));

    // Five cells, the first a key.
    [GeneratedRegex(@"^\| `(?<key>[A-Za-z:]+)` \|(?<kind>[^|\n]*)\|(?<range>[^|\n]*)\|(?<default>[^|\n]*)\|[^|\n]*\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    private sealed record Row(string Key, string Kind, string? Range, string? Default);
}
