
namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>What a handler threw, as an error type and a message, whatever the exception does when it is asked.</summary>
internal static class ThrownError
{
    /// <summary>The longest error type kept, in UTF-16 units.</summary>
    public const int TypeLimit = 200;

    /// <summary>The error type: what the handler said, or else the name of the exception's own type.</summary>
    public static string TypeOf(Exception error) =>
        error is TaskFailure { Type: { } said } && !string.IsNullOrWhiteSpace(said) ? said : error.GetType().Name;

    /// <summary>The message; that of an exception which has none, or cannot tell it, says so.</summary>
    public static string MessageOf(Exception error)
    {
        try
        {
            return error.Message ?? $"{error.GetType().Name}, without a message.";
        }
        catch (Exception thrown)
        {
            return $"{error.GetType().Name}, whose message cannot be read: it throws {thrown.GetType().Name}.";
        }
    }
}
