using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Testing.Workflows;

/// <summary>
/// The journal and the checkpoints of one run, in the bytes in which a node stores them: a row per commit, payloads over 64 KB
/// beside it. All reads use those bytes.
/// </summary>
internal sealed class RunJournal(string id)
{
    private readonly List<byte[]> _rows = [];
    private readonly SortedDictionary<long, byte[]> _checkpoints = [];
    private readonly Dictionary<string, byte[]> _payloads = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    /// <summary>The sequence number of the last row; 0 means that there is none.</summary>
    public long Sequence => _rows.Count;

    /// <summary>The sequence numbers of the checkpoints that are kept, oldest first.</summary>
    public IEnumerable<long> Checkpoints => _checkpoints.Keys;

    public void Append(WorkflowCommit commit)
    {
        using var collector = PayloadCollector.Open();
        _rows.Add(JournalFormat.Write(new([commit])));
        Keep(collector);
    }

    /// <summary>The commit of that sequence number.</summary>
    public WorkflowCommit Read(long sequence)
    {
        using var resolver = PayloadResolver.Open(Id, _payloads.GetValueOrDefault);
        resolver.SequenceNumber = sequence;
        return JournalFormat.Read(_rows[(int)sequence - 1]).Commits.Single();
    }

    public void Save(WorkflowCheckpoint checkpoint)
    {
        using var collector = PayloadCollector.Open();
        _checkpoints[checkpoint.Sequence] = CheckpointFormat.Write(checkpoint);
        Keep(collector);
    }

    public WorkflowCheckpoint? FindCheckpoint(long sequence)
    {
        using var resolver = PayloadResolver.Open(Id, _payloads.GetValueOrDefault);
        resolver.SequenceNumber = sequence;
        return _checkpoints.TryGetValue(sequence, out var bytes) ? CheckpointFormat.Read(bytes) : null;
    }

    public void DropCheckpoint(long sequence) => _checkpoints.Remove(sequence);

    private void Keep(PayloadCollector collector)
    {
        foreach (var (hash, bytes) in collector.Collected)
        {
            _payloads.TryAdd(hash, bytes);
        }
    }
}
