namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run handles next: tasks to decide on, executions that may begin, and what falls due.</summary>
internal struct Agenda
{
    /// <summary>Tasks to decide on, and scopes in which everything has settled.</summary>
    public SmallSortedSet<Decidable> Decidables { get; private set; }

    /// <summary>Executions of kinds that need no worker.</summary>
    public SmallSortedSet<ReadyExecution> ReadyInline { get; private set; }

    /// <summary>Executions whose next attempt waits for a place within <c>max-parallel</c>.</summary>
    public SmallSortedSet<ReadyExecution> ReadyUses { get; private set; }

    /// <summary>Waits and timeouts that fall due, the next first.</summary>
    public SmallSortedSet<Due> Dues { get; private set; }

    /// <summary>When the next of them falls due; null means that nothing waits for time.</summary>
    public readonly DateTimeOffset? NextDue => Dues.IsEmpty ? null : Dues.Min.At;

    public void Decide(int scope, int task) => Decidables = Decidables.Add(new(scope, task));

    public void DecideAll(IEnumerable<Decidable> more) => Decidables = Decidables.Union(more);

    public void DecideScope(int scope) => Decide(scope, Decidable.WholeScope);

    public void Decided(int scope, int task) => Decidables = Decidables.Remove(new(scope, task));

    public void AddReady(ReadyExecution ready, bool needsWorker)
    {
        if (needsWorker)
        {
            ReadyUses = ReadyUses.Add(ready);
        }
        else
        {
            ReadyInline = ReadyInline.Add(ready);
        }
    }

    public void RemoveReady(ReadyExecution ready, bool needsWorker)
    {
        if (needsWorker)
        {
            ReadyUses = ReadyUses.Remove(ready);
        }
        else
        {
            ReadyInline = ReadyInline.Remove(ready);
        }
    }

    public void Add(Due due) => Dues = Dues.Add(due);

    public void Remove(Due due) => Dues = Dues.Remove(due);
}

/// <summary>
/// An execution that is ready to begin: higher priority first, then file order, then index (rule 34). Executions that need a worker wait for a
/// place within the run's <c>max-parallel</c>.
/// </summary>
/// <param name="Priority">0 to 9.</param>
/// <param name="Order">The task's position in the document.</param>
/// <param name="Scope">The scope instance.</param>
/// <param name="Task">The task's position in it.</param>
/// <param name="Element">The element.</param>
internal readonly record struct ReadyExecution(int Priority, int Order, int Scope, int Task, int Element) : IComparable<ReadyExecution>
{
    public int CompareTo(ReadyExecution other)
    {
        var byPriority = other.Priority.CompareTo(Priority);
        if (byPriority != 0)
        {
            return byPriority;
        }

        var byOrder = Order.CompareTo(other.Order);
        if (byOrder != 0)
        {
            return byOrder;
        }

        var byScope = Scope.CompareTo(other.Scope);
        return byScope != 0 ? byScope : Element.CompareTo(other.Element);
    }
}

/// <summary>Work for the rules: a task to decide on or, without a task, a scope in which everything has settled.</summary>
internal readonly record struct Decidable(int Scope, int Task) : IComparable<Decidable>
{
    public const int WholeScope = -1;

    public int CompareTo(Decidable other)
    {
        var byScope = Scope.CompareTo(other.Scope);
        return byScope != 0 ? byScope : Task.CompareTo(other.Task);
    }
}

internal enum DueKind
{
    ScopeTimeout,
    Deadline,
    WaitEnded,
    DelayEnded,
    ExecutionTimeout,
    Begin,
}

/// <summary>A wait or timeout that falls due, ordered by time, then by kind and place, so that replays agree.</summary>
internal readonly record struct Due(DateTimeOffset At, DueKind Kind, int Scope, int Task, int Element) : IComparable<Due>
{
    public int CompareTo(Due other)
    {
        var byTime = At.CompareTo(other.At);
        if (byTime != 0)
        {
            return byTime;
        }

        var byKind = Kind.CompareTo(other.Kind);
        if (byKind != 0)
        {
            return byKind;
        }

        var byScope = Scope.CompareTo(other.Scope);
        if (byScope != 0)
        {
            return byScope;
        }

        var byTask = Task.CompareTo(other.Task);
        return byTask != 0 ? byTask : Element.CompareTo(other.Element);
    }
}
