using System.Collections.Immutable;

namespace ActorFlow.Shell.Asking;

/// <summary>The person at the terminal, who may be absent.</summary>
internal interface IPrompt
{
    /// <summary>Whether a person can be asked now.</summary>
    bool IsAttended { get; }

    /// <summary>Asks until the answer has the form of the question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="refusal">Why the last answer was refused; null means that this is the first try.</param>
    /// <param name="cancellationToken">Cancelled when the question is no longer open.</param>
    /// <returns>The answer; null means that the person is gone.</returns>
    Task<GivenAnswer?> AskAsync(RunQuestion question, string? refusal, CancellationToken cancellationToken);

    /// <summary>Reports a wait of a run, and how to end it.</summary>
    void Tell(OpenWait wait);
}

/// <summary>A question of a run, or of one of its children.</summary>
/// <param name="Run">The id of the run that asks.</param>
/// <param name="Question">The question.</param>
internal sealed record RunQuestion(string Run, OpenQuestion Question);

/// <summary>The answer of a person.</summary>
/// <param name="Value">The answer.</param>
/// <param name="By">Who answered.</param>
/// <param name="Comment">The comment on the answer; null means that there is none.</param>
internal sealed record GivenAnswer(Payload Value, string By, string? Comment);

/// <summary>A wait that only an answer or a signal can end.</summary>
/// <param name="Run">The id of the run that waits.</param>
/// <param name="Task">The path of the task that waits.</param>
internal abstract record OpenWait(string Run, string Task)
{
    /// <summary>The task as the progress names it: that of a child after the rest of the child's id.</summary>
    public string Label => Run.IndexOf('/') is var slash and > 0 ? $"{Run[(slash + 1)..]}/{Task}" : Task;

    /// <summary>A wait for an answer.</summary>
    public sealed record Answer(string Run, OpenQuestion Question) : OpenWait(Run, Question.Task);

    /// <summary>A wait for a signal.</summary>
    public sealed record Signal(string Run, string Task, string Name) : OpenWait(Run, Task);
}

/// <summary>The waits of a run and its children at one moment.</summary>
/// <param name="Waits">The waits that only an answer or a signal can end.</param>
/// <param name="GoesOn">Whether anything else is under way, or begins by itself within a minute.</param>
internal sealed record Standing(ImmutableArray<OpenWait> Waits, bool GoesOn);
