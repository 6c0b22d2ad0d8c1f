using System.Reflection;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Tests.Docs;

/// <summary>The tables of the book of the language hold every key, word, code and error type, and none that is not there.</summary>
public sealed class LanguageKeyTests
{
    public static TheoryData<string, string[]> Tables => new()
    {
        { "Keys of a workflow", WorkflowMapping.Keys },
        { "defaults", WorkflowMapping.DefaultsKeys },
        { "checkpoint", WorkflowMapping.CheckpointKeys },
        { "Kinds of task", KindMapping.Kinds },
        { "switch", KindMapping.CaseKeys },
        { "retry", PolicyMapping.RetryKeys },
        { "repeat", PolicyMapping.RepeatKeys },
        { "compensate", PolicyMapping.CompensateKeys },
        { "ask", [.. AskMapping.Keys, .. LanguageWords.AskKinds.Select(kind => kind.Word)] },
        { "workflow", [.. LanguageWords.ParentCloses.Select(close => close.Word)] },
        { "Codes of problems", [.. DefinitionCodes.All.Select(code => code.Code)] },
        { "Error types", [.. ErrorTypesOfTheEngine()] },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_holds_exactly_what_the_reader_knows(string heading, string[] known) =>
        Assert.Equal(Sorted(known), Sorted(Book.Language.FirstCells(heading)));

    [Fact]
    public void The_keys_of_a_task_stand_in_its_table_or_among_the_kinds()
    {
        var written = Book.Language.FirstCells("Keys of a task").Concat(Book.Language.FirstCells("Kinds of task"));
        Assert.Equal(Sorted(TaskMapping.Keys), Sorted(written));
    }

    [Fact]
    public void Every_code_has_the_meaning_that_the_source_gives()
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "language.md"));
        Assert.All(DefinitionCodes.All, code => Assert.Contains($"| `{code.Code}` | {code.Meaning} |", lines));
    }

    [Fact]
    public void Every_code_is_in_the_list_of_codes() =>
        Assert.Equal(Sorted(Constants(typeof(DefinitionCodes))), Sorted(DefinitionCodes.All.Select(code => code.Code)));

    [Fact]
    public void Every_word_and_every_keyword_of_a_schema_is_said()
    {
        string[] words =
        [
            .. LanguageWords.FailurePolicies.Select(word => word.Word),
            .. LanguageWords.ErrorPolicies.Select(word => word.Word),
            .. LanguageWords.Backoffs.Select(word => word.Word),
            .. SchemaKeywords.All,
            .. SchemaFormats.Names,
        ];
        Assert.All(words, word => Assert.True(Book.Language.Says(word), $"language.md does not say `{word}`."));
    }

    private static IEnumerable<string> ErrorTypesOfTheEngine() => Constants(typeof(ErrorTypes));

    private static IEnumerable<string> Constants(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    // A key that two tables of a section explain counts once.
    private static string[] Sorted(IEnumerable<string> words) => [.. words.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
