using System.Data.Common;
using ActorFlow.Runtime.Client;

namespace ActorFlow.Node.Api;

/// <summary>Gives failures of a store that is asked without the engine their names.</summary>
internal static class StoreFaults
{
    /// <summary>Does something; a store in trouble is <c>unavailable</c>.</summary>
    /// <param name="work">What is done.</param>
    public static Task<T> NameAsync<T>(Func<Task<T>> work) => ClientFaults.NameAsync(async () =>
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (DbException failed)
        {
            throw WorkflowRefusedException.Of("unavailable", $"The store cannot be read: {failed.Message}", failed);
        }
    });
}
