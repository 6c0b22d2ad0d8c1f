namespace ActorFlow.Core.Definitions.Checking;

/// <summary>Where expressions stand, and so what they may name.</summary>
/// <param name="Scope">The scope whose tasks they see first.</param>
/// <param name="Task">The task they belong to; <see cref="WholeScope"/> for an <c>output</c>, which may name every task of its scope.</param>
internal readonly record struct Standpoint(Scope Scope, int Task)
{
    public const int WholeScope = -1;

    /// <summary>Whether <c>item</c> and <c>index</c> are in scope.</summary>
    public bool InFanOut { get; init; }

    /// <summary>Whether <c>iteration</c> is in scope.</summary>
    public bool InLoop { get; init; }

    /// <summary>Whether the task may name itself.</summary>
    public bool SeesItself { get; init; }

    /// <summary>Whether secrets are in scope, as in the input of a handler.</summary>
    public bool SeesSecrets { get; init; }

    /// <summary>The view of the keys of a task that are evaluated once, before any element or iteration.</summary>
    public static Standpoint Around(Scope scope, int task) =>
        new(scope, task) { InFanOut = scope.InFanOut, InLoop = scope.InLoop };

    /// <summary>The view of an execution: its own element and iteration, and in a loop its own last output.</summary>
    public static Standpoint Within(Scope scope, int task)
    {
        var definition = scope.Tasks[task];
        return new(scope, task)
        {
            InFanOut = scope.InFanOut || definition.ForEach is not null,
            InLoop = scope.InLoop || definition.Repeat is not null,
            SeesItself = definition.Repeat is not null,
        };
    }
}
