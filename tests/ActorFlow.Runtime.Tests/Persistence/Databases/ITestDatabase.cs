using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

/// <summary>Where the stores of a test keep what they keep: the next store finds what the one before left.</summary>
public interface IStoreOrigin : IAsyncDisposable
{
    /// <summary>Makes it ready and empty: before each test.</summary>
    Task ClearAsync();

    /// <summary>Opens a store.</summary>
    /// <param name="change">What differs from the defaults.</param>
    internal PersistenceStore Open(Action<PersistenceOptions>? change = null);
}

/// <summary>A database that a test looks into past the store, and that fails when the test says so.</summary>
public interface ITestDatabase : IStoreOrigin
{
    int Commits { get; }

    bool IsStalling { get; }

    /// <summary>The first column of what a query gives, as text.</summary>
    List<string> Rows(string sql);

    /// <summary>Holds a lock that keeps every store from writing to the journal.</summary>
    IDisposable HoldLock();

    void Stall();

    void Resume();

    void LoseNextAcknowledgement();
}
