using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run may have to undo, newest first, and how far undoing it got: one compensation at a time (rule 31).</summary>
internal struct CompensationLog()
{
    private ImmutableStack<UndoEntry> _entries = [];

    /// <summary>What there is to undo, newest first.</summary>
    public readonly IEnumerable<UndoEntry> Entries => _entries;

    public readonly bool IsEmpty => _entries.IsEmpty;

    /// <summary>What is undone next.</summary>
    public readonly UndoEntry Next => _entries.Peek();

    /// <summary>Whether compensation has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The compensation under way; null means that none is.</summary>
    public Undoing? Current { get; private set; }

    /// <summary>The number of the next compensation.</summary>
    public int NextNumber { get; private set; }

    public void Add(UndoEntry entry) => _entries = _entries.Push(entry);

    public void Begin() => HasBegun = true;

    /// <summary>The next compensation is under way.</summary>
    /// <returns>What it undoes.</returns>
    public UndoEntry Take(int number)
    {
        _entries = _entries.Pop(out var entry);
        Current = new(entry, number, TaskExecutionState.Ready);
        return entry;
    }

    /// <summary>The compensation under way has come to another state.</summary>
    public void Set(TaskExecutionState execution) => Current = Current! with { Execution = execution };

    /// <summary>The compensation of that number has settled.</summary>
    public void Settle(int number) => (Current, NextNumber) = (null, number + 1);

    public void TakeUp(RunImage image)
    {
        _entries = image.Undos.Reverse().Aggregate(ImmutableStack<UndoEntry>.Empty, (stack, undo) => stack.Push(UndoEntry.Of(undo)));
        (HasBegun, NextNumber) = (image.Compensating, image.UndoNumber);
        Current = image.Undoing is { } undoing ? new(UndoEntry.Of(undoing.Entry), undoing.Number, undoing.Execution) : null;
    }
}

/// <summary>A completed execution that the run may have to undo.</summary>
internal sealed record UndoEntry(int TaskOrder, string Path, UndoInput Undo)
{
    public static UndoEntry Of(UndoImage image) => new(image.TaskOrder, image.Path, image.Undo);

    public UndoImage ToImage() => new(TaskOrder, Path, Undo);
}

/// <summary>The compensation under way.</summary>
internal sealed record Undoing(UndoEntry Entry, int Number, TaskExecutionState Execution);
