using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Generation;

/// <summary>Tasks that wait for somebody outside: signals, people, children.</summary>
internal sealed partial class DefinitionGen
{
    private static readonly AskKind[] AskKinds = [.. Enum.GetValues<AskKind>(), AskKind.Choice];

    // A signal has one schema, or none.
    private TaskKind.Signal Signal() => choice.Pick("go", "news", "rate") switch
    {
        "go" => new("go", null),
        "news" => new("news", Payload.Parse("""{"type":"object","required":["n"]}""")),
        _ => new("rate", Payload.Parse("""{"type":"object","properties":{"n":{"type":"integer","minimum":0}}}""")),
    };

    private TaskKind.Ask Ask(Site execution)
    {
        var kind = choice.Pick(AskKinds);
        var hasDefault = !taste.IsTimeless && choice.Chance(kind == AskKind.Choice ? 60 : 30);
        var prompt = choice.Chance(70) ? $"is it ${{{{ {Number(execution, 1)} }}}}?" : "well?";
        var options = kind == AskKind.Choice ? Options(execution) : null;
        var assignees = choice.Chance(20) ? Payload.Parse(choice.Pick("""["ann","bob"]""", "\"ann\"", $"\"${{{{ {Number(execution, 0)} }}}}\"")) : null;
        return new(kind, prompt, options, assignees, SchemaOf(kind), hasDefault ? DefaultOf(kind) : null);
    }

    private Payload? SchemaOf(AskKind kind) => kind == AskKind.Choice || !choice.Chance(25) ? null : Payload.Parse(kind switch
    {
        AskKind.Approval or AskKind.Validation => """{"enum":[true]}""",
        AskKind.Rating => """{"maximum":4}""",
        _ => """{"minLength":1}""",
    });

    private static Payload DefaultOf(AskKind kind) => Payload.Parse(kind switch
    {
        AskKind.Approval or AskKind.Validation => "true",
        AskKind.Rating => "3",
        AskKind.Choice => "\"red\"",
        _ => "\"nothing\"",
    });

    private Payload Options(Site execution) => Payload.Parse(choice.Below(4) switch
    {
        0 or 1 => """["red",2,true]""",
        2 => $"[\"red\",\"${{{{ {Number(execution, 1)} }}}}\"]",
        _ => "\"${{ input.xs }}\"",
    });

    private TaskKind.Child Child(Site execution)
    {
        var (name, version) = choice.Pick<(string, int?)>(("kid", null), ("kid", 2), ("own", null), ("own", 2), (World.Unknown, null));
        return new(name, version, Value(execution, 1), choice.Pick(ParentClose.Cancel, ParentClose.Cancel, ParentClose.Terminate, ParentClose.Abandon));
    }
}
