namespace ActorFlow.Core.Workflows;

/// <summary>The limits of a run. Exceeding one is an error; values are never cut.</summary>
internal static class Limits
{
    /// <summary>The size of an attempt's input or output, and of the input of a run: 1 MiB.</summary>
    public const int PayloadBytes = 1024 * 1024;

    /// <summary>The size of all payloads that a run holds at once: 32 MiB.</summary>
    public const long RunBytes = 32L * 1024 * 1024;

    /// <summary>The elements of all <c>for-each</c> of a run together: 100,000.</summary>
    public const int Elements = 100_000;

    /// <summary>How often in a row an attempt may be lost with its worker before its task is parked as poison: 10.</summary>
    public const int LossesInARow = 10;

    /// <summary>How many executions one decision begins before it leaves the rest to the next: 1,000.</summary>
    public const int StepsPerDecision = 1_000;

    /// <summary>How many failed tasks a closed run lists: 100.</summary>
    public const int Failures = 100;

    /// <summary>How deep child workflows may nest: 20 below the topmost run.</summary>
    public const int Depth = 20;

    /// <summary>How many signals a run keeps that no task has consumed yet: 10,000.</summary>
    public const int Signals = 10_000;

    /// <summary>The characters of a run's id: 200.</summary>
    public const int IdLength = 200;

    /// <summary>The characters of a checkpoint's name: 200.</summary>
    public const int CheckpointName = 200;
}
