using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Shell.Asking;

/// <summary>Whoever sits at the terminal, or nobody.</summary>
internal interface IPrompt
{
    /// <summary>Whether anybody can be asked now.</summary>
    bool ArePresent { get; }

    /// <summary>Asks, until the answer has the form that the question wants.</summary>
    /// <param name="question">The question.</param>
    /// <param name="refusal">Why the last answer was refused; none: this is the first time.</param>
    /// <param name="cancellationToken">The question is open no longer.</param>
    /// <returns>The answer; none: there is nobody any more.</returns>
    Task<GivenAnswer?> AskAsync(RunQuestion question, string? refusal, CancellationToken cancellationToken);

    /// <summary>Says what a run waits for, and how to give it that.</summary>
    void Tell(OpenWait wait);
}

/// <summary>A question of a run, or of one of its children.</summary>
/// <param name="Run">The id of the run that asks.</param>
/// <param name="Question">What it asks.</param>
internal sealed record RunQuestion(string Run, OpenQuestion Question);

/// <summary>What a person said.</summary>
/// <param name="Value">The answer.</param>
/// <param name="By">Who they are.</param>
/// <param name="Comment">What they said with it.</param>
internal sealed record GivenAnswer(Payload Value, string By, string? Comment);

/// <summary>Something that only somebody outside can end.</summary>
/// <param name="Run">The id of the run that waits.</param>
/// <param name="Task">The path of the task that waits.</param>
internal abstract record OpenWait(string Run, string Task)
{
    /// <summary>The task as the progress names it: that of a child behind the rest of the child's id.</summary>
    public string Label => Run.IndexOf('/') is var slash and > 0 ? $"{Run[(slash + 1)..]}/{Task}" : Task;

    /// <summary>An answer is waited for.</summary>
    public sealed record Answer(string Run, OpenQuestion Question) : OpenWait(Run, Question.Task);

    /// <summary>A signal is waited for.</summary>
    public sealed record Signal(string Run, string Task, string Name) : OpenWait(Run, Task);
}

/// <summary>What a run and its children wait for at one moment.</summary>
/// <param name="Waits">What only somebody outside can end.</param>
/// <param name="GoesOn">Whether something else is going on, or will be within the minute, by itself.</param>
internal sealed record Standing(ImmutableArray<OpenWait> Waits, bool GoesOn);
