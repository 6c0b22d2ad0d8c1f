using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Docs;

/// <summary>The examples of the book of the language are what the reader reads.</summary>
public sealed class LanguageExampleTests
{
    private const int LeastExamples = 15;
    private const int MostFragments = 3;

    public static TheoryData<int, string> Valid => Of("yaml");

    public static TheoryData<int, string> Invalid => Of("yaml invalid");

    [Theory]
    [MemberData(nameof(Valid))]
    public void An_example_is_a_whole_workflow_without_problems(int line, string text)
    {
        Assert.True(IsWhole(text), $"language.md:{line}: the example has no name; mark a part of a workflow as `yaml fragment`.");
        var read = DefinitionReader.Read(text, "x.yaml");
        Assert.True(read.Errors.IsEmpty && read.Warnings.IsEmpty, $"language.md:{line}: {string.Join('\n', read.Errors.Concat(read.Warnings))}");
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_example_of_what_is_wrong_is_refused(int line, string text)
    {
        Assert.True(IsWhole(text), $"language.md:{line}: the example has no name.");
        Assert.False(DefinitionReader.Read(text, "x.yaml").Errors.IsEmpty, $"language.md:{line}: the example is valid.");
    }

    [Fact]
    public void There_are_enough_examples_and_each_is_marked_as_what_it_is()
    {
        Assert.True(Valid.Count >= LeastExamples, $"{Valid.Count} examples");
        var others = Book.Language.Blocks().Where(block => block.Info is not ("yaml" or "yaml invalid")).ToArray();
        Assert.All(others, block => Assert.Equal("yaml fragment", block.Info));
        Assert.True(others.Length <= MostFragments, $"{others.Length} fragments");
    }

    private static TheoryData<int, string> Of(string info)
    {
        var examples = new TheoryData<int, string>();
        foreach (var (_, line, text) in Book.Language.Blocks().Where(block => block.Info == info))
        {
            examples.Add(line, text);
        }

        return examples;
    }

    private static bool IsWhole(string text) => text.Split('\n').Any(line => line.StartsWith("name:", StringComparison.Ordinal));
}
