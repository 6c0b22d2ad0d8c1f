using ActorFlow.Node.Admin;
using ActorFlow.Node.Api;
using ActorFlow.Node.Json;
using CsCheck;

namespace ActorFlow.Node.Tests.Admin;

/// <summary>What holds for every command that people type.</summary>
public sealed class AdminCommandsTests
{
    // The operations of the API whose names do not follow from noun and verb.
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["workflow show"] = "Workflows.Get",
        ["workflow checkpoint"] = "Workflows.TakeCheckpoint",
        ["definition show"] = "Definitions.Get",
        ["audit"] = "Audit.List",
    };

    public static TheoryData<string> Names => [.. AdminCommands.All.Select(NameOf)];

    [Fact]
    public void A_noun_and_a_verb_name_one_command() => Assert.Distinct(AdminCommands.All.Select(NameOf));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_needs_the_role_of_its_operation(string name)
    {
        var command = Of(name);
        var operation = OtherNames.GetValueOrDefault(name) ?? $"{Capital(command.Noun)}s.{Capital(command.Verb)}";

        Assert.Equal(Roles[operation], command.Needs);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_is_described_and_its_arguments_have_names_of_their_own(string name)
    {
        var command = Of(name);

        Assert.EndsWith(".", command.Description, StringComparison.Ordinal);
        Assert.NotEmpty(command.Examples);
        Assert.Distinct(command.Arguments.Select(argument => argument.Name).Concat(command.Arguments.Select(argument => argument.ShortName).OfType<string>()));
        Assert.All(command.Arguments, argument => Assert.EndsWith(".", argument.Description, StringComparison.Ordinal));
        // A repeated argument would swallow those behind it.
        Assert.All(command.Arguments.Where(argument => !argument.IsOption).SkipLast(1), argument => Assert.False(argument.IsRepeated));
    }

    [Theory]
    [InlineData(nameof(AdminKind.Run), "order-7/check", true)]
    [InlineData(nameof(AdminKind.Run), "a b", false)]
    [InlineData(nameof(AdminKind.Run), "", false)]
    [InlineData(nameof(AdminKind.NewRun), "order-7", true)]
    [InlineData(nameof(AdminKind.NewRun), "order-7/check", false)]
    [InlineData(nameof(AdminKind.NewRun), "..", false)]
    [InlineData(nameof(AdminKind.Definition), "order", true)]
    [InlineData(nameof(AdminKind.Definition), "order@2", false)]
    [InlineData(nameof(AdminKind.DefinitionVersion), "order@2", true)]
    [InlineData(nameof(AdminKind.DefinitionVersion), "order@0", false)]
    [InlineData(nameof(AdminKind.DefinitionVersion), "Order", false)]
    [InlineData(nameof(AdminKind.Number), "1", true)]
    [InlineData(nameof(AdminKind.Number), "0", false)]
    [InlineData(nameof(AdminKind.Number), "-1", false)]
    [InlineData(nameof(AdminKind.Number), "1e3", false)]
    [InlineData(nameof(AdminKind.Number), "99999999999", false)]
    [InlineData(nameof(AdminKind.Status), "failed", true)]
    [InlineData(nameof(AdminKind.Status), "Failed", false)]
    [InlineData(nameof(AdminKind.Tag), "k=", true)]
    [InlineData(nameof(AdminKind.Tag), "k=v=w", true)]
    [InlineData(nameof(AdminKind.Tag), "=v", false)]
    [InlineData(nameof(AdminKind.Time), "2h", true)]
    [InlineData(nameof(AdminKind.Time), "2026-11-23T17:00:00Z", true)]
    [InlineData(nameof(AdminKind.Time), "2026-11-23", true)]
    [InlineData(nameof(AdminKind.Time), "never", false)]
    [InlineData(nameof(AdminKind.Time), "9999999d", false)]
    [InlineData(nameof(AdminKind.Text), "anything\nat all", true)]
    public void What_does_not_fit_its_kind_is_told_in_one_line(string kind, string word, bool fits)
    {
        var problem = new AdminArgument("--x", Enum.Parse<AdminKind>(kind), "It.").ProblemOf([word]);

        Assert.Equal(fits, problem is null);
        Assert.True(fits || (problem!.StartsWith("--x takes ", StringComparison.Ordinal) && !problem.Contains('\n', StringComparison.Ordinal)), problem);
    }

    [Fact]
    public void No_text_is_too_odd_to_be_told() => Gen.Select(Gen.String, Gen.Int[0, Enum.GetValues<AdminKind>().Length - 1]).Sample((word, kind) =>
    {
        var problem = new AdminArgument("X", (AdminKind)kind, "It.").ProblemOf([word, word]);

        return problem is null || (problem.Length < 300 && !problem.Contains('\n', StringComparison.Ordinal) && !problem.Contains('\r', StringComparison.Ordinal));
    });

    [Fact]
    public void A_tag_is_given_once_for_each_key() => Assert.Equal(
        "--tag is given twice for a; give each key once.", new AdminArgument("--tag", AdminKind.Tag, "A tag.").ProblemOf(["a=1", "b=1", "a=2"]));

    [Fact]
    public void How_long_ago_is_counted_from_now()
    {
        var now = new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero);

        Assert.Equal(now.AddHours(-2), AdminArgument.TimeOf("2h", now));
        Assert.Equal(now.AddDays(-1), AdminArgument.TimeOf("2026-11-22T17:00:00Z", now));
    }

    private static Dictionary<string, ApiRole> Roles { get; } = new WorkflowRoutes(null!, TimeProvider.System).All
        .Concat(new DefinitionRoutes(null!).All).Concat(new KeyRoutes(null!).All).Concat(new AuditRoutes(null!).All).ToDictionary(route => route.Name, route => route.Role);

    private static AdminCommand Of(string name) => AdminCommands.All.Single(command => NameOf(command) == name);

    private static string NameOf(AdminCommand command) => $"{command.Noun} {command.Verb}".TrimEnd();

    private static string Capital(string word) => $"{char.ToUpperInvariant(word[0])}{word[1..]}";
}
