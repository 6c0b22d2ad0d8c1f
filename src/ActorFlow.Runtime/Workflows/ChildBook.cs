using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// The children that one run waits for, and how far each start got. Kept in memory only: after a recovery every child is started
/// again under the same names, and takes that for the repeat that it is.
/// </summary>
internal sealed class ChildBook(IActorRef self, WorkflowServices services)
{
    private static readonly TimeSpan FirstRepeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(60);

    // Most runs have no children.
    private static readonly Dictionary<TaskExecutionId, Started> None = [];

    private Dictionary<TaskExecutionId, Started> _children = None;
    private Dictionary<string, TaskExecutionId>? _byId;

    // Abandoned before it was known that they had begun, by id.
    private Dictionary<string, Started>? _abandoned;

    /// <summary>Whether no child is waited for, and every abandoned one has begun.</summary>
    public bool IsEmpty => _children.Count == 0 && _abandoned is null;

    /// <summary>Whether children that go on by themselves have yet to begin.</summary>
    public bool HasUnbegun => _abandoned is not null;

    /// <summary>Whether every child has been started, and none is to be ended.</summary>
    public bool IsSettled => _abandoned is null && _children.Values.All(child => child.IsAcknowledged && child.Order.Close is null);

    /// <summary>When to look again.</summary>
    public TimeSpan RepeatAt => All.Select(child => child.RepeatAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();

    private IEnumerable<Started> All => _abandoned is null ? _children.Values : _children.Values.Concat(_abandoned.Values);

    /// <summary>Forgets them all, but those that are yet to begin and go on without their parent.</summary>
    public void Clear()
    {
        foreach (var child in _children.Values)
        {
            Abandon(child);
        }

        _children = None;
        _byId = null;
    }

    /// <summary>Brings one child in line with where the run stands.</summary>
    public void Reconcile(TaskExecutionId execution, ChildOrder? order, TimeSpan now)
    {
        if (order is null)
        {
            if (_children.TryGetValue(execution, out var left))
            {
                Abandon(left);
            }

            Forget(execution);
            return;
        }

        if (_children.TryGetValue(execution, out var known) && known.Order == order)
        {
            return;
        }

        // Started anew, it takes the place of the one that was abandoned.
        Leave(order.ChildId);
        var child = new Started(order);
        _children = _children == None ? [] : _children;
        _byId ??= new(StringComparer.Ordinal);
        _children[execution] = child;
        _byId[order.ChildId] = execution;
        Send(child, now);
    }

    /// <summary>Starts a child that goes on by itself and that the run has left already, unless it, or one in its place, is waited for.</summary>
    public void Begin(ChildOrder order, TimeSpan now)
    {
        if (Find(order.ChildId) is null && _abandoned?.ContainsKey(order.ChildId) != true)
        {
            var child = new Started(order);
            Abandon(child);
            Send(child, now);
        }
    }

    /// <summary>The child is there, or has taken what it was told.</summary>
    public void OnAccepted(string childId, TimeSpan now)
    {
        Leave(childId);
        if (Find(childId) is not { IsAcknowledged: false } child)
        {
            return;
        }

        child.IsAcknowledged = true;
        if (child.Order.Close is null)
        {
            child.RepeatAt = now + Confirm;
        }
        else
        {
            EndChild(child.Order);
        }
    }

    /// <summary>The child could not start: what its parent is told. None: it says nothing of the start, or it is tried again.</summary>
    public WorkflowCommand.ChildRefused? OnRefused(WorkflowReply.Refused refused, string workflowId)
    {
        var type = ChildOrder.ErrorOfRefusedStart(refused.Code);
        if (type is not null)
        {
            Leave(refused.WorkflowId);
        }

        return type is not null && Find(refused.WorkflowId) is { } child
            ? new(workflowId, child.Order.Attempt, type, refused.Reason)
            : null;
    }

    /// <summary>What an abandoned child runs was found, or is nowhere to be found.</summary>
    public void OnResolved(WorkflowCommand.ResolveChild resolved, TimeSpan now)
    {
        if (_abandoned?.Values.FirstOrDefault(child => child.Order.Attempt == resolved.Attempt) is not { Order.Definition: null } child)
        {
            return;
        }

        if (resolved.Definition is { } definition)
        {
            var found = new Started(child.Order with { Definition = definition });
            _abandoned[found.Order.ChildId] = found;
            Send(found, now);
        }
        else
        {
            Leave(child.Order.ChildId);
        }
    }

    /// <summary>Nobody waits for it any more: one that goes on by itself is still seen to its start.</summary>
    private void Abandon(Started child)
    {
        if (child is { IsAcknowledged: false, Order: { Outlives: true, Close: null } order })
        {
            (_abandoned ??= new(StringComparer.Ordinal))[order.ChildId] = child;
        }
    }

    private void Leave(string childId)
    {
        if (_abandoned?.Remove(childId) == true && _abandoned.Count == 0)
        {
            _abandoned = null;
        }
    }

    /// <summary>It has ended, and nothing more is to be done about it.</summary>
    public void OnEnded(AttemptId attempt)
    {
        if (_children.TryGetValue(attempt.Execution, out var ended) && ended.Order.Attempt == attempt)
        {
            ended.IsAcknowledged = true;
        }

        if (_abandoned?.Values.FirstOrDefault(child => child.Order.Attempt == attempt) is { } left)
        {
            Leave(left.Order.ChildId);
        }

        if (_children.TryGetValue(attempt.Execution, out var child) && child.Order.Attempt == attempt)
        {
            Forget(attempt.Execution);
        }
    }

    /// <summary>Says again what nobody has answered, and now and then what somebody has.</summary>
    public void Repeat(TimeSpan now)
    {
        foreach (var child in All.Where(child => child.RepeatAt <= now).ToList())
        {
            Send(child, now);
        }
    }

    private void Send(Started child, TimeSpan now)
    {
        var order = child.Order;
        child.RepeatAt = now + child.NextWait();
        if (order.Definition is null)
        {
            ResolveAsync(order).PipeTo(
                self,
                success: found => new WorkflowCommand.ResolveChild(order.Link.WorkflowId, order.Attempt, found),
                failure: _ => ChildUnresolved.Instance);
            return;
        }

        services.Runs.Tell(order.ToStart(NameOf(order, 's'), NameOf(order, 'r')), self);
        if (child.IsAcknowledged && order.Close is not null)
        {
            EndChild(order);
        }
    }

    private void EndChild(ChildOrder order) =>
        services.Runs.Tell(order.ToClose(NameOf(order, order.Close == ParentClose.Terminate ? 't' : 'c')), self);

    private Task<DefinitionReference?> ResolveAsync(ChildOrder child) => services.Definitions is { } definitions
        ? definitions.ResolveAsync(child.Name, child.Version)
        : Task.FromResult<DefinitionReference?>(null);

    /// <summary>The same name for every repeat, whichever incarnation of the parent sends it.</summary>
    private static Guid NameOf(ChildOrder order, char what)
    {
        Span<byte> name = stackalloc byte[16 + (6 * 4)];
        order.Attempt.RunId.TryWriteBytes(name);
        ReadOnlySpan<int> parts =
        [
            order.Attempt.Generation, order.Attempt.Execution.Scope, order.Attempt.Execution.Task, order.Attempt.Execution.Element,
            order.Attempt.Execution.Iteration, (order.Attempt.Number << 8) | what,
        ];
        for (var i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(name[(16 + (4 * i))..], parts[i]);
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(name, hash);
        return new(hash[..16]);
    }

    private Started? Find(string childId) => _byId is not null && _byId.TryGetValue(childId, out var execution) ? _children[execution] : null;

    private void Forget(TaskExecutionId execution)
    {
        if (_children.Count > 0 && _children.Remove(execution, out var child))
        {
            _byId!.Remove(child.Order.ChildId);
        }
    }

    private sealed class Started(ChildOrder order)
    {
        private Backoff _backoff = new(FirstRepeat, LongestRepeat);

        public ChildOrder Order { get; } = order;

        public bool IsAcknowledged { get; set; }

        public TimeSpan RepeatAt { get; set; }

        public TimeSpan NextWait() => _backoff.Next();
    }
}

/// <summary>What a child runs could not be asked: it is asked again.</summary>
internal sealed record ChildUnresolved : INoSerializationVerificationNeeded
{
    public static readonly ChildUnresolved Instance = new();
}
