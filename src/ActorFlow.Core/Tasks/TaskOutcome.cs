
namespace ActorFlow.Core.Tasks;

/// <summary>How an attempt ended.</summary>
internal abstract record TaskOutcome
{
    private TaskOutcome() { }

    /// <summary>The handler returned.</summary>
    public sealed record Succeeded(Payload Output) : TaskOutcome;

    /// <summary>The handler failed, timed out, or sent no heartbeat for too long.</summary>
    /// <param name="Type">The error type.</param>
    /// <param name="Message">What went wrong, for people.</param>
    /// <param name="Retryable">Whether another attempt may help.</param>
    /// <param name="Progress">The last progress that the attempt reported; null means that it reported none.</param>
    public sealed record Failed(string Type, string Message, bool Retryable, Payload? Progress) : TaskOutcome
    {
        /// <summary>How long to wait before the next attempt; null means the wait of <c>retry</c>.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>The attempt ended because the workflow withdrew it, or it never began.</summary>
    public sealed record Cancelled : TaskOutcome
    {
        /// <summary>The only instance.</summary>
        public static readonly Cancelled Instance = new();
    }

    /// <summary>The attempt was withdrawn, but its handler did not stop in time: whether it took effect is unknown.</summary>
    public sealed record Abandoned : TaskOutcome
    {
        /// <summary>The only instance.</summary>
        public static readonly Abandoned Instance = new();
    }

    /// <summary>The worker shut down in good order and gave the attempt back: it is offered again.</summary>
    public sealed record Released : TaskOutcome
    {
        /// <summary>The only instance.</summary>
        public static readonly Released Instance = new();
    }

    /// <summary>The worker is gone, and the attempt with it: it is offered again.</summary>
    public sealed record Lost : TaskOutcome
    {
        /// <summary>The only instance.</summary>
        public static readonly Lost Instance = new();
    }
}
