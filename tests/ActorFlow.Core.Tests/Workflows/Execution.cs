using System.Text.Json;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>One start of a handler, in virtual time.</summary>
/// <param name="Order">What the worker was handed.</param>
/// <param name="Lease">The hand-out; a lost attempt is handed out again under the same number.</param>
/// <param name="At">When it was offered, from the start of the run.</param>
internal sealed record Execution(TaskOrder Order, LeaseId Lease, TimeSpan At)
{
    public string Path => Order.Path;

    public string Handler => Order.Handler;

    public int Attempt => Order.Attempt.Number;

    public Payload Input => Order.Input;

    /// <summary>The input, parsed, for handlers that look inside.</summary>
    public JsonElement Json => Order.Input.To<JsonElement>();

    /// <summary>How it goes.</summary>
    public Answer Answer { get; set; } = Answer.Never;

    /// <summary>When it ended or was given up, from the start of the run.</summary>
    public TimeSpan? EndedAt { get; set; }

    /// <summary>Whether the run took it back.</summary>
    public bool IsWithdrawn { get; set; }

    /// <summary>path:attempt</summary>
    public override string ToString() => $"{Path}:{Attempt}";
}
