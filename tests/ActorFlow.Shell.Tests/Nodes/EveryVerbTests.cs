using System.Text.Json;
using System.Text.RegularExpressions;
using ActorFlow.Node.Admin;

namespace ActorFlow.Shell.Tests.Nodes;

/// <summary>What holds for every verb that speaks to a node.</summary>
public sealed partial class EveryVerbTests(ServedNodeFixture node) : IClassFixture<ServedNodeFixture>
{
    private const string Nowhere = "127.0.0.1:1";

    public static TheoryData<string> Verbs => [.. AdminCommands.All.Select(NameOf)];

    public static TheoryData<string> VerbsOfARun => [.. AdminCommands.All.Where(command => command.Arguments.Contains(RunArguments.Run)).Select(NameOf)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task It_shows_arguments_and_examples_in_its_help_without_asking_a_node(string verb)
    {
        var said = await Said.ByAsync([.. verb.Split(' '), "--help", "--address", Nowhere]);

        Assert.Equal((0, 0), (said.Code, said.ErrorLines.Length));
        Assert.All(Of(verb).Arguments, argument => Assert.Contains(argument.Description, Blanks().Replace(said.Out, " "), StringComparison.Ordinal));
        Assert.Contains($"\n  actorflow {verb}", said.Out[said.Out.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Its_examples_are_understood(string verb)
    {
        foreach (var example in Of(verb).Examples)
        {
            var words = Words().Matches(example.Split(" | ")[0]).Select(word => word.Value.Trim('\''));
            var said = await Said.ByAsync([.. verb.Split(' '), .. words, "--address", Nowhere]);

            // They come as far as the node, which is not there.
            Assert.True(said.Code == 3, $"{verb} {example}: {string.Join('\n', said.ErrorLines)}");
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_node_that_is_away_is_3_and_what_to_do(string verb)
    {
        var said = await Said.ByAsync([.. verb.Split(' '), .. WordsFor(verb), "--address", Nowhere, "-o", "json"]);

        var line = Assert.Single(said.ErrorLines);
        Assert.Equal(3, said.Code);
        Assert.StartsWith($"actorflow: http://{Nowhere} cannot be reached: ", line);
        Assert.EndsWith("; start a node with 'actorflow dev', or name another with --address", line);
        var error = JsonDocument.Parse(said.Out).RootElement.GetProperty("error");
        Assert.Equal(("unavailable", line["actorflow: ".Length..]), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.Equal("actorflow dev", Assert.Single(error.GetProperty("next").EnumerateArray()).GetString());
    }

    [Theory]
    [MemberData(nameof(VerbsOfARun))]
    public async Task An_unknown_run_is_4_and_the_line_that_lists_those_there_are(string verb)
    {
        var said = await Said.ByAsync([.. verb.Split(' '), .. WordsFor(verb), "--address", node.Address, "-o", "json"]);

        var error = JsonDocument.Parse(said.Out).RootElement.GetProperty("error");
        var next = $"actorflow workflow list --address {node.Address}";
        Assert.Equal((4, $"actorflow: There is no workflow run 'unknown' at {node.Address}; see: {next}"), (said.Code, Assert.Single(said.ErrorLines)));
        Assert.Equal(("workflow-not-found", next), (error.GetProperty("code").GetString(), Assert.Single(error.GetProperty("next").EnumerateArray()).GetString()));
        Assert.Equal("There is no workflow run 'unknown'.", error.GetProperty("detail").GetString());
        Assert.Equal(0, (await Said.ByAsync(next.Split(' ')[1..])).Code);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Junk_is_2_and_the_line_that_shows_how(string verb)
    {
        string[] whole = [.. verb.Split(' '), .. WordsFor(verb), "--address", node.Address];
        List<string[]> wrong =
        [
            [.. whole, "--junk"],
            [.. whole, "--verbose", "--yess"],
            [.. whole, "-o", "xml"],
            [.. whole, "--api-key"],
        ];
        if (WordsFor(verb).Length > 0)
        {
            wrong.Add([.. verb.Split(' '), "--address", node.Address]);
        }

        if (!Of(verb).Arguments.Any(argument => argument.IsRepeated && !argument.IsOption))
        {
            wrong.Add([.. whole, "junk"]);
        }

        foreach (var words in wrong)
        {
            var said = await Said.ByAsync(words);

            Assert.True(said.Code == 2, $"{string.Join(' ', words)}: {said.Code} {said.Out}");
            Assert.EndsWith($"('actorflow {verb} --help' shows how)", Assert.Single(said.ErrorLines));
            Assert.Equal("", said.Out);
        }
    }

    /// <summary>Words that fit its arguments; a run that they name is unknown.</summary>
    private static string[] WordsFor(string verb) =>
    [
        .. Of(verb).Arguments.Where(argument => argument.IsRequired).SelectMany(argument => argument.IsOption ? (string[])[argument.Name, WordFor(argument)] : [WordFor(argument)]),
    ];

    private static string WordFor(AdminArgument argument) => argument.Kind switch
    {
        AdminKind.Run => "unknown",
        AdminKind.Definition or AdminKind.DefinitionVersion => "order",
        AdminKind.File => "order.yaml",
        AdminKind.Role => "viewer",
        _ => "word",
    };

    private static AdminCommand Of(string verb) => AdminCommands.All.Single(command => NameOf(command) == verb);

    private static string NameOf(AdminCommand command) => $"{command.Noun} {command.Verb}".TrimEnd();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
