namespace ActorFlow;

/// <summary>A request was refused. Each family of codes has an exception of its own, derived from this one.</summary>
public class WorkflowRefusedException : Exception
{
    private protected WorkflowRefusedException(string code, string reason, Exception? cause = null)
        : base(reason, cause) => Code = code;

    /// <summary>The stable code, one of <see cref="RefusalCode.All"/>: <c>workflow-not-found</c>.</summary>
    public string Code { get; }

    /// <summary>What sort of refusal it is.</summary>
    public RefusalCategory Category => RefusalCode.Of(Code).Category;

    /// <summary>Makes the exception of a code's family.</summary>
    /// <param name="code">The code, one of <see cref="RefusalCode.All"/>.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="cause">The exception behind it; null means that there is none.</param>
    public static WorkflowRefusedException Of(string code, string reason, Exception? cause = null) => RefusalCode.Of(code).Category switch
    {
        RefusalCategory.InvalidRequest or RefusalCategory.InvalidDefinition or RefusalCategory.TooLarge => new InvalidRequestException(code, reason, cause),
        RefusalCategory.Unauthenticated or RefusalCategory.Forbidden => new AccessDeniedException(code, reason, cause),
        RefusalCategory.NotFound or RefusalCategory.Gone => new NotFoundException(code, reason, cause),
        RefusalCategory.Conflict => new ConflictException(code, reason, cause),
        RefusalCategory.WrongState => new WrongStateException(code, reason, cause),
        RefusalCategory.Overloaded => new OverloadedException(code, reason, cause),
        RefusalCategory.Unavailable => new UnavailableException(code, reason, cause),
        RefusalCategory.Timeout => new RequestTimeoutException(code, reason, cause),
        _ => new InternalErrorException(code, reason, cause),
    };
}

/// <summary>The request is malformed, or a value of it is out of range or too large: the same request never succeeds.</summary>
public sealed class InvalidRequestException : WorkflowRefusedException
{
    internal InvalidRequestException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The caller has not proved who it is, or may not do this.</summary>
public sealed class AccessDeniedException : WorkflowRefusedException
{
    internal AccessDeniedException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The run, definition, task or checkpoint does not exist.</summary>
public sealed class NotFoundException : WorkflowRefusedException
{
    internal NotFoundException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The id, version or command id is in use with other content.</summary>
public sealed class ConflictException : WorkflowRefusedException
{
    internal ConflictException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The run is in a state in which this is not possible; the code tells which.</summary>
public sealed class WrongStateException : WorkflowRefusedException
{
    internal WrongStateException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>There is too much work at the moment. The request was not begun, and may be repeated later.</summary>
public sealed class OverloadedException : WorkflowRefusedException
{
    internal OverloadedException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The store is in trouble, or the run cannot be reached. A change may have taken effect: repeat it under the same command id.</summary>
public sealed class UnavailableException : WorkflowRefusedException
{
    internal UnavailableException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>Nothing answered in time. A change may have taken effect: repeat it under the same command id.</summary>
public sealed class RequestTimeoutException : WorkflowRefusedException
{
    internal RequestTimeoutException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}

/// <summary>The engine has a fault; its log has the details.</summary>
public sealed class InternalErrorException : WorkflowRefusedException
{
    internal InternalErrorException(string code, string reason, Exception? cause)
        : base(code, reason, cause)
    {
    }
}
