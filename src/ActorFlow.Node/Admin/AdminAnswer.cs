using ActorFlow.Runtime.Access;

namespace ActorFlow.Node.Admin;

/// <summary>A piece of what a command answers. It holds what is answered; how that looks is decided where the command was typed.</summary>
internal abstract record AdminAnswer
{
    private AdminAnswer() { }

    /// <summary>A run in a list.</summary>
    public sealed record Run(WorkflowSummary Value) : AdminAnswer;

    /// <summary>A run in full.</summary>
    public sealed record Description(WorkflowDescription Value) : AdminAnswer;

    /// <summary>Why a run does not move.</summary>
    public sealed record Explanation(WorkflowExplanation Value) : AdminAnswer;

    /// <summary>A key in a list.</summary>
    public sealed record Key(KeySummary Value) : AdminAnswer;

    /// <summary>A key was made.</summary>
    /// <param name="Value">The key.</param>
    /// <param name="Text">The key itself, which is shown here only.</param>
    public sealed record MadeKey(KeySummary Value, string Text) : AdminAnswer;

    /// <summary>An entry of the audit.</summary>
    public sealed record Audited(AuditEntry Value) : AdminAnswer;

    /// <summary>A line of the history of a run.</summary>
    public sealed record Event(HistoryEvent Value) : AdminAnswer;

    /// <summary>A checkpoint in a list.</summary>
    public sealed record Checkpoint(CheckpointSummary Value) : AdminAnswer;

    /// <summary>How many runs have which status.</summary>
    public sealed record Counts(IReadOnlyDictionary<WorkflowStatus, long> Value) : AdminAnswer;

    /// <summary>A run began.</summary>
    /// <param name="Value">The run.</param>
    /// <param name="IsAll">Whether nothing else is answered; if not, it stands beside the result.</param>
    public sealed record Started(WorkflowHandle Value, bool IsAll) : AdminAnswer;

    /// <summary>How a run ended.</summary>
    public sealed record Ended(WorkflowResult Value) : AdminAnswer;

    /// <summary>A registered definition in a list.</summary>
    public sealed record Definition(RegisteredDefinition Value) : AdminAnswer;

    /// <summary>What a definition says.</summary>
    public sealed record Content(DefinitionContent Value) : AdminAnswer;

    /// <summary>An error or a warning about a file.</summary>
    public sealed record Problem(DefinitionProblem Value) : AdminAnswer;

    /// <summary>A file has no errors.</summary>
    public sealed record Valid(string File) : AdminAnswer;

    /// <summary>Something was done with a run, or with what <see cref="Noun"/> says.</summary>
    /// <param name="Id">The run.</param>
    /// <param name="What">What was done, for programs: <c>paused</c>.</param>
    /// <param name="Text">The same for people, as a sentence without a period.</param>
    public sealed record Done(string Id, string What, string Text) : AdminAnswer
    {
        /// <summary>The word for what has the id, for programs.</summary>
        public string Noun { get; init; } = "run";

        /// <summary>What it was done with: a word for it, and its name. Null, the default, means nothing.</summary>
        public (string Word, string Name)? With { get; init; }
    }

    /// <summary>What people are told beside the result.</summary>
    public sealed record Note(string Text) : AdminAnswer;

    /// <summary>From here on the command waits for a run, for as long as whoever typed it wants.</summary>
    public sealed record Waiting(string Id) : AdminAnswer;

    /// <summary>The command answered, but what it answered is no success.</summary>
    /// <param name="ExitCode">The exit code that tells so.</param>
    public sealed record Unsuccessful(int ExitCode) : AdminAnswer
    {
        /// <summary>The answer about a run that did not complete.</summary>
        public static readonly Unsuccessful AboutRun = new(1);

        /// <summary>The answer about a file with errors.</summary>
        public static readonly Unsuccessful AboutFile = new(RefusalCode.Of("definition-invalid").ExitCode);
    }
}
