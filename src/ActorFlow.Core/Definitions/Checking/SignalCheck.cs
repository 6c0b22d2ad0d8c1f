using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Checks the signals that the tasks of one definition wait for: a schema belongs to the name, not to the task (rule 28).</summary>
internal sealed class SignalCheck(Findings findings, LimitsCheck limits)
{
    private readonly Dictionary<string, (DefinitionPath Task, JsonElement? Schema)> _first = new(StringComparer.Ordinal);

    public void Run(TaskKind.Signal signal, DefinitionPath task)
    {
        limits.HandlerName(signal.Name, task["signal"]);
        SchemaCheck.Run(signal.Schema, task["schema"], findings);

        var schema = Parse(signal.Schema);
        if (!_first.TryAdd(signal.Name, (task, schema)) && !IsSame(_first[signal.Name].Schema, schema))
        {
            findings.Error(
                DefinitionCodes.SchemaConflict,
                task[signal.Schema is null ? "signal" : "schema"],
                $"`{_first[signal.Name].Task}` waits for {Excerpt.Of(signal.Name)} with another schema; a signal has one: write the same in both");
        }
    }

    private static JsonElement? Parse(Payload? schema)
    {
        using var document = schema?.ToDocument();
        return document?.RootElement.Clone();
    }

    private static bool IsSame(JsonElement? left, JsonElement? right) =>
        left is { } one && right is { } other ? JsonEquality.Instance.Equals(one, other) : left is null && right is null;
}
