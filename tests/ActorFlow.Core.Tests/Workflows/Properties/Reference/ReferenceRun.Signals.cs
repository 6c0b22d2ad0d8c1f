using ActorFlow.Core.Definitions;
using ActorFlow.Core.Schemas;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Signals: which are let in, and who consumes which (rules 28 and 35).</summary>
internal sealed partial class ReferenceRun
{
    private const int LargestPayload = 1024 * 1024;

    /// <summary>How long nothing but signals may come, none of them of any use, before the run counts as stuck.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromDays(1);

    /// <summary>Those that came and that nobody has consumed, oldest first.</summary>
    private readonly List<(int Number, SignalMessage Message)> _signals = [];

    /// <summary>Of every signal that was let in.</summary>
    private readonly Dictionary<int, (string Name, Payload Payload)> _commands = [];

    private int _received;
    private int _signalsSent;
    private int _signalsAwaited;
    private DateTimeOffset _lastProgress = World.Start;

    private void Receive(SignalMessage signal)
    {
        _signalsSent++;
        var answer = AnswerTo(signal);
        _story.Outside.Add(OutsideLine.Signal(_now, signal, answer));
        if (answer == "kept")
        {
            _signals.Add((_received++, signal));
            _commands.Add(signal.Command, (signal.Name, signal.Payload));
        }
    }

    private string AnswerTo(SignalMessage signal)
    {
        var waits = RunCase.TasksOf(Definition.Tasks).Select(task => task.Kind).OfType<TaskKind.Signal>().Where(wait => wait.Name == signal.Name).ToList();
        return _commands.TryGetValue(signal.Command, out var first) ? first.Name == signal.Name && first.Payload.Equals(signal.Payload) ? "repeated" : "command-conflict"
            : waits.Count == 0 ? "signal-not-found"
            : _rewinding is not null ? "rewinding"
            : Root.IsStopped ? "closed"
            : signal.Payload.Length > LargestPayload ? "payload-too-large"
            : waits.TrueForAll(wait => Fits(signal.Payload, wait.Schema)) ? "kept" : "invalid-payload";
    }

    private static bool Fits(Payload value, Payload? schema) => schema is null || JsonSchema.Parse(schema).Validate(value).IsEmpty;

    private void AwaitSignal(Execution execution)
    {
        execution.Phase = TaskExecutionPhase.AwaitingSignal;
        execution.Queued = _signalsAwaited++;
        execution.TimeoutAt = _now + execution.Task.Definition.Timeout;
    }

    /// <summary>The oldest signal of a name to the execution that has waited longest for it.</summary>
    private bool DeliverASignal()
    {
        foreach (var name in _signals.Select(signal => signal.Message.Name).Distinct().Order(StringComparer.Ordinal).ToList())
        {
            var longest = LiveExecutions().Where(execution => execution.Phase == TaskExecutionPhase.AwaitingSignal && NameOf(execution) == name).MinBy(execution => execution.Queued);
            if (longest is not null)
            {
                var first = _signals.First(signal => signal.Message.Name == name);
                var oldest = first.Message;
                _signals.Remove(first);
                _lastProgress = _now;
                _story.Outside.Add(OutsideLine.Taken(_now, longest.Path, name, oldest.Payload));
                Complete(longest, oldest.Payload);
                return true;
            }
        }

        return false;
    }

    private static string NameOf(Execution execution) => ((TaskKind.Signal)execution.Task.Definition.Kind).Name;
}
