namespace ActorFlow;

/// <summary>The progress of a run.</summary>
/// <param name="Tasks">Tasks of the run's own graph, and elements of its fan-outs so far.</param>
/// <param name="Settled">How many of them have settled.</param>
/// <param name="Outstanding">Attempts that are offered or running.</param>
public readonly record struct RunProgress(int Tasks, int Settled, int Outstanding);
