using System.Collections.Immutable;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Reads rows of runs' journals, while their runs continue.</summary>
internal interface IRunJournal
{
    /// <summary>Reads the rows from one number to another, both included, in order.</summary>
    /// <param name="persistenceId">The persistence id of the run.</param>
    /// <param name="from">The first number, from 1.</param>
    /// <param name="to">The last number.</param>
    /// <param name="max">The most rows.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    Task<ImmutableArray<JournalEntry>> ReadAsync(string persistenceId, long from, long to = long.MaxValue, long max = long.MaxValue);
}

/// <summary>The journal of an actor system, whatever plugin it has.</summary>
/// <param name="system">The actor system.</param>
internal sealed class PluginJournal(ActorSystem system) : IRunJournal
{
    /// <inheritdoc/>
    public Task<ImmutableArray<JournalEntry>> ReadAsync(string persistenceId, long from, long to = long.MaxValue, long max = long.MaxValue) =>
        JournalReader.ReadAsync(system, persistenceId, from, to, max);
}
