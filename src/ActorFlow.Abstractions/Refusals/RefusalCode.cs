using System.Collections.Frozen;

namespace ActorFlow;

/// <summary>What sort of refusal a code names: it decides the exit code of a command, and the statuses of an answer over the wire.</summary>
public enum RefusalCategory
{
    /// <summary>The request is malformed, or a value of it is out of range.</summary>
    InvalidRequest,

    /// <summary>A definition has errors.</summary>
    InvalidDefinition,

    /// <summary>The caller has not proved who it is.</summary>
    Unauthenticated,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>An id, a version or a command id is in use with other content.</summary>
    Conflict,

    /// <summary>The run is in a state in which this is not possible.</summary>
    WrongState,

    /// <summary>What was read was purged meanwhile.</summary>
    Gone,

    /// <summary>A payload, or the run as a whole, would exceed a limit.</summary>
    TooLarge,

    /// <summary>There is too much work at the moment; the request was not begun.</summary>
    Overloaded,

    /// <summary>The store is in trouble, or the run is between two nodes. Whether the request took effect is not known; the same command id is safe to repeat.</summary>
    Unavailable,

    /// <summary>Nothing answered in time. Whether the request took effect is not known; the same command id is safe to repeat.</summary>
    Timeout,

    /// <summary>The engine has a fault.</summary>
    Internal,
}

/// <summary>
/// A code with which a request is refused, and what it means to a command, to gRPC and to HTTP. Codes are stable: programs may rely on
/// them.
/// </summary>
public sealed class RefusalCode
{
    private static readonly FrozenDictionary<string, RefusalCode> Table = Rows().ToFrozenDictionary(code => code.Word, StringComparer.Ordinal);

    private RefusalCode(RefusalCategory category, string word, string? apiWord = null, int? exitCode = null)
    {
        var (exit, grpc, http) = StatusesOf(category);
        (Word, ApiWord, Category, ExitCode, GrpcStatus, HttpStatus) = (word, apiWord ?? word, category, exitCode ?? exit, grpc, http);
    }

    /// <summary>Every code.</summary>
    public static IReadOnlyCollection<RefusalCode> All => Table.Values;

    /// <summary>The code: <c>workflow-not-found</c>.</summary>
    public string Word { get; }

    /// <summary>The code in answers of the API: several states of a run are <c>wrong-state</c> there, and the message tells which.</summary>
    public string ApiWord { get; }

    /// <summary>What sort of refusal it names.</summary>
    public RefusalCategory Category { get; }

    /// <summary>The exit code of a command that was refused, 1 to 6.</summary>
    public int ExitCode { get; }

    /// <summary>The number of the gRPC status, 3 to 16.</summary>
    public int GrpcStatus { get; }

    /// <summary>The HTTP status, 400 to 504.</summary>
    public int HttpStatus { get; }

    /// <summary>Finds a code. A word that is not in the table, which a later version may send, counts as <c>internal</c>.</summary>
    /// <param name="word">The code's word.</param>
    public static RefusalCode Of(string word) => Table.GetValueOrDefault(word) ?? Table["internal"];

    /// <inheritdoc/>
    public override string ToString() => Word;

    private static (int Exit, int Grpc, int Http) StatusesOf(RefusalCategory category) => category switch
    {
        RefusalCategory.InvalidRequest => (2, 3, 400),
        RefusalCategory.InvalidDefinition => (2, 3, 422),
        RefusalCategory.Unauthenticated => (6, 16, 401),
        RefusalCategory.Forbidden => (6, 7, 403),
        RefusalCategory.NotFound => (4, 5, 404),
        RefusalCategory.Conflict => (5, 6, 409),
        RefusalCategory.WrongState => (5, 9, 409),
        RefusalCategory.Gone => (4, 5, 410),
        RefusalCategory.TooLarge => (2, 3, 413),
        RefusalCategory.Overloaded => (3, 8, 429),
        RefusalCategory.Unavailable => (3, 14, 503),
        RefusalCategory.Timeout => (3, 4, 504),
        _ => (1, 13, 500),
    };

    private static IEnumerable<RefusalCode> Rows()
    {
        foreach (var word in (string[])["invalid-request", "bad-id", "bad-name", "invalid-input", "invalid-payload", "invalid-answer"])
        {
            yield return new(RefusalCategory.InvalidRequest, word);
        }

        yield return new(RefusalCategory.InvalidRequest, "payload-too-deep", "invalid-payload");
        yield return new(RefusalCategory.InvalidRequest, "payload-not-text", "invalid-payload");
        yield return new(RefusalCategory.InvalidRequest, "not-text", "invalid-request");
        yield return new(RefusalCategory.InvalidRequest, "invalid-signal");
        // A command says of a signal that nobody waits for that there is no such signal.
        yield return new(RefusalCategory.InvalidRequest, "signal-not-found", "invalid-signal", exitCode: 4);
        yield return new(RefusalCategory.InvalidDefinition, "definition-invalid");
        yield return new(RefusalCategory.Unauthenticated, "unauthenticated");
        yield return new(RefusalCategory.Forbidden, "forbidden");
        foreach (var thing in (string[])["workflow", "definition", "task", "checkpoint", "queue", "schedule", "worker", "key"])
        {
            yield return new(RefusalCategory.NotFound, thing + "-not-found");
        }

        foreach (var word in (string[])["id-conflict", "definition-conflict", "schedule-conflict", "command-conflict", "worker-conflict", "key-conflict", "purged"])
        {
            yield return new(RefusalCategory.Conflict, word);
        }

        foreach (var word in (string[])["closed", "not-waiting", "already-answered", "callback-obsolete", "wrong-state"])
        {
            yield return new(RefusalCategory.WrongState, word);
        }

        foreach (var state in (string[])["not-paused", "not-failed", "not-closed", "rewinding", "compensated", "consumed", "terminated"])
        {
            yield return new(RefusalCategory.WrongState, state, "wrong-state");
        }

        yield return new(RefusalCategory.Gone, "gone");
        yield return new(RefusalCategory.TooLarge, "payload-too-large");
        yield return new(RefusalCategory.TooLarge, "limit-exceeded");
        yield return new(RefusalCategory.Overloaded, "overloaded");
        yield return new(RefusalCategory.Overloaded, "queue-full");
        yield return new(RefusalCategory.Unavailable, "unavailable");
        yield return new(RefusalCategory.Unavailable, "unreadable", "unavailable");
        yield return new(RefusalCategory.Unavailable, "no-store", "unavailable");
        yield return new(RefusalCategory.Timeout, "timeout");
        yield return new(RefusalCategory.Internal, "internal");
    }
}
