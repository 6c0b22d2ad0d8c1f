using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// The children that one run waits for, and the progress of each start. It is kept in memory only: after a recovery every child is started
/// again with the same command ids, which it recognizes as a repeat.
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

    // Children that were abandoned before their start was acknowledged, by id.
    private Dictionary<string, Started>? _abandoned;

    /// <summary>Whether the run waits for no child, and every abandoned one has begun.</summary>
    public bool IsEmpty => _children.Count == 0 && _abandoned is null;

    /// <summary>Whether abandoned children have not begun yet.</summary>
    public bool HasUnbegun => _abandoned is not null;

    /// <summary>Whether every child has been started, and none is to be ended.</summary>
    public bool IsSettled => _abandoned is null && _children.Values.All(child => child.IsAcknowledged && child.Order.Close is null);

    /// <summary>When to check again.</summary>
    public TimeSpan RepeatAt => All.Select(child => child.RepeatAt).DefaultIfEmpty(TimeSpan.MaxValue).Min();

    private IEnumerable<Started> All => _abandoned is null ? _children.Values : _children.Values.Concat(_abandoned.Values);

    /// <summary>Forgets all children, except abandoned ones that have not begun.</summary>
    public void Clear()
    {
        foreach (var child in _children.Values)
        {
            Abandon(child);
        }

        _children = None;
        _byId = null;
    }

    /// <summary>Brings one child in line with the state of the run.</summary>
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

        // The new start replaces the child that was abandoned.
        Leave(order.ChildId);
        var child = new Started(order);
        _children = _children == None ? [] : _children;
        _byId ??= new(StringComparer.Ordinal);
        _children[execution] = child;
        _byId[order.ChildId] = execution;
        Send(child, now);
    }

    /// <summary>Starts a child that continues by itself and that the run has left already, unless the run waits for it, or for one in its place.</summary>
    public void Begin(ChildOrder order, TimeSpan now)
    {
        if (Find(order.ChildId) is null && _abandoned?.ContainsKey(order.ChildId) != true)
        {
            var child = new Started(order);
            Abandon(child);
            Send(child, now);
        }
    }

    /// <summary>Notes that the child has begun, or has accepted a command.</summary>
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

    /// <summary>Gives the report to the parent of a child that could not start. Null means that the refusal is not of the start, or that the start is tried again.</summary>
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

    /// <summary>Notes the definition of an abandoned child, or that there is none.</summary>
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

    /// <summary>Stops waiting for a child. If it continues by itself, its start is still repeated until it is acknowledged.</summary>
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

    /// <summary>Notes that a child has ended: nothing more is sent to it.</summary>
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

    /// <summary>Repeats messages without an answer, and from time to time those with one.</summary>
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

    /// <summary>The command id, the same for every repeat, whichever incarnation of the parent sends it.</summary>
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

/// <summary>The definition of a child could not be resolved: this is tried again.</summary>
internal sealed record ChildUnresolved : INoSerializationVerificationNeeded
{
    public static readonly ChildUnresolved Instance = new();
}
