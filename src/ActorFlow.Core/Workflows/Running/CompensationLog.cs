using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>The executions that a run may have to compensate, newest first, and the progress of that: one compensation at a time (rule 31).</summary>
internal struct CompensationLog()
{
    private ImmutableStack<UndoEntry> _entries = [];

    /// <summary>The executions to compensate, newest first.</summary>
    public readonly IEnumerable<UndoEntry> Entries => _entries;

    public readonly bool IsEmpty => _entries.IsEmpty;

    /// <summary>The next execution to compensate.</summary>
    public readonly UndoEntry Next => _entries.Peek();

    /// <summary>Whether compensation has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The compensation under way; null means that none is.</summary>
    public Undoing? Current { get; private set; }

    /// <summary>The number of the next compensation.</summary>
    public int NextNumber { get; private set; }

    public void Add(UndoEntry entry) => _entries = _entries.Push(entry);

    public void Begin() => HasBegun = true;

    /// <summary>Begins the next compensation.</summary>
    /// <returns>The execution that it compensates.</returns>
    public UndoEntry Take(int number)
    {
        _entries = _entries.Pop(out var entry);
        Current = new(entry, number, TaskExecutionState.Ready);
        return entry;
    }

    /// <summary>Sets the state of the compensation under way.</summary>
    public void Set(TaskExecutionState execution) => Current = Current! with { Execution = execution };

    /// <summary>Settles the compensation of that number.</summary>
    public void Settle(int number) => (Current, NextNumber) = (null, number + 1);

    public void TakeUp(RunImage image)
    {
        _entries = image.Undos.Reverse().Aggregate(ImmutableStack<UndoEntry>.Empty, (stack, undo) => stack.Push(UndoEntry.Of(undo)));
        (HasBegun, NextNumber) = (image.Compensating, image.UndoNumber);
        Current = image.Undoing is { } undoing ? new(UndoEntry.Of(undoing.Entry), undoing.Number, undoing.Execution) : null;
    }
}

/// <summary>A completed execution that the run may have to compensate.</summary>
internal sealed record UndoEntry(int TaskOrder, string Path, UndoInput Undo)
{
    public static UndoEntry Of(UndoImage image) => new(image.TaskOrder, image.Path, image.Undo);

    public UndoImage ToImage() => new(TaskOrder, Path, Undo);
}

/// <summary>The compensation under way.</summary>
internal sealed record Undoing(UndoEntry Entry, int Number, TaskExecutionState Execution);
