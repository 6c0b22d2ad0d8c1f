using ActorFlow.Core.Definitions;
using CsCheck;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>Random tasks that wait for a child workflow, a signal or a person.</summary>
internal static class RandomWaits
{
    private static readonly Payload Anything = Payload.Parse("true");

    public static Gen<TaskDefinition> Any(Gen<string> name, Gen<string> text, Gen<Payload> data, Gen<TimeSpan> time) =>
        Gen.Select(Gen.OneOf(Children(name, data), Signals, Questions(text, name)), time.Nullable())
            .Select((kind, timeout) => new TaskDefinition { Id = "", Kind = kind is TaskKind.Ask ask && timeout is null ? ask with { Default = null } : kind, Timeout = timeout });

    private static Gen<TaskKind> Children(Gen<string> name, Gen<Payload> data) =>
        Gen.Select(name, Gen.Int[1, 9].Nullable(), data, Gen.Int[0, 2])
            .Select((child, version, with, close) => (TaskKind)new TaskKind.Child("c" + child.ToLowerInvariant(), version, with, (ParentClose)close));

    /// <summary>Of three names, each with the one schema that it has.</summary>
    private static Gen<TaskKind> Signals =>
        Gen.Int[0, 2].Select(number => (TaskKind)new TaskKind.Signal(
            $"go/{number}", number == 0 ? null : Payload.Parse($$"""{"title":"{{number}}","minProperties":1}""")));

    private static Gen<TaskKind> Questions(Gen<string> text, Gen<string> name) =>
        Gen.Select(Gen.Int[0, 6], text, text.Array[1, 3], name.Array[0, 2].Null(), Gen.Bool, Gen.Int[0, 3])
            .Select((kind, prompt, options, assignees, hasSchema, bits) => (TaskKind)new TaskKind.Ask(
                (AskKind)kind,
                bits % 2 == 0 ? prompt : prompt + "${{ input.question }}",
                (AskKind)kind is not AskKind.Choice ? null : bits == 3 ? Payload.FromString("${{ input.options }}") : List(options),
                assignees is null ? null : bits == 2 ? Payload.FromString("${{ input.who }}") : List(assignees),
                hasSchema ? Anything : null,
                bits == 1 ? Answer((AskKind)kind, options) : null));

    private static Payload Answer(AskKind kind, string[] options) => kind switch
    {
        AskKind.Approval or AskKind.Validation => Payload.Parse("false"),
        AskKind.Rating => Payload.Parse("5"),
        _ => Payload.FromString(options[^1]),
    };

    private static Payload List(string[] items) => Payload.Parse($"[{string.Join(',', items.Select(Payload.FromString))}]");
}
