namespace ActorFlow.Runtime.Persistence;

/// <summary>The store could not write, and retried for as long as it may. The message says what the disk or database said.</summary>
internal sealed class StoreWriteException : Exception
{
    internal StoreWriteException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}

/// <summary>
/// Another incarnation of the same persistence id has written this sequence number: the actor that gets it must stop
/// and recover. Nothing of its write was stored.
/// </summary>
internal sealed class FencedWriteException : Exception
{
    internal FencedWriteException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}

/// <summary>A data directory that cannot be used; the message is one line for its user.</summary>
public sealed class DataDirectoryException : Exception
{
    internal DataDirectoryException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}

/// <summary>A database server that cannot be used; the message is one line for its user, without the password.</summary>
public sealed class DatabaseException : Exception
{
    internal DatabaseException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
