namespace ActorFlow;

/// <summary>The error types of the engine itself.</summary>
public static class ErrorTypes
{
    /// <summary>A <c>timeout</c> passed.</summary>
    public const string TimedOut = nameof(TimedOut);

    /// <summary>A handler sent no heartbeat for longer than its <c>heartbeat</c>.</summary>
    public const string HeartbeatTimedOut = nameof(HeartbeatTimedOut);

    /// <summary>A <c>deadline</c> passed, or the next attempt could not start before it.</summary>
    public const string DeadlineExceeded = nameof(DeadlineExceeded);

    /// <summary>A <c>repeat</c> reached <c>max</c> and its condition asked for another iteration.</summary>
    public const string LoopLimitExceeded = nameof(LoopLimitExceeded);

    /// <summary>An expression threw, gave a value of the wrong kind, or exceeded a limit.</summary>
    public const string ExpressionError = nameof(ExpressionError);

    /// <summary>A payload is over its limit.</summary>
    public const string PayloadTooLarge = nameof(PayloadTooLarge);

    /// <summary>A payload nests deeper than 128 levels.</summary>
    public const string PayloadTooDeep = nameof(PayloadTooDeep);

    /// <summary>A payload is not valid text: it is not UTF-8, or holds half of a surrogate pair.</summary>
    public const string PayloadNotText = nameof(PayloadNotText);

    /// <summary>A limit of the run as a whole was exceeded.</summary>
    public const string LimitExceeded = nameof(LimitExceeded);

    /// <summary>A task of the kind <c>fail</c> ran.</summary>
    public const string Failed = nameof(Failed);

    /// <summary>No definition of a child's name and version is registered.</summary>
    public const string WorkflowNotFound = nameof(WorkflowNotFound);

    /// <summary>A child's input does not satisfy its schema.</summary>
    public const string InvalidInput = nameof(InvalidInput);

    /// <summary>A child was cancelled or terminated by another than its parent.</summary>
    public const string ChildCancelled = nameof(ChildCancelled);

    /// <summary>A child's id is in use by another run that is still open.</summary>
    public const string IdInUse = nameof(IdInUse);

    /// <summary>A child's id would be longer than 200 characters (rule 11).</summary>
    public const string IdTooLong = nameof(IdTooLong);

    /// <summary>The engine met an unexpected exception while it decided how the run continues; it is not retried.</summary>
    public const string InternalError = nameof(InternalError);

    /// <summary>A child would be more than 20 levels below the run that has no parent.</summary>
    public const string DepthExceeded = nameof(DepthExceeded);
}
