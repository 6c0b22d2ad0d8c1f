using ActorFlow.Runtime.Persistence;
using Akka.Actor;

namespace ActorFlow.Runtime.Client;

/// <summary>Gives failures of the engine their names in the contract of the client.</summary>
internal static class ClientFaults
{
    /// <summary>Does something; what fails for a reason outside the request is <c>unavailable</c> or <c>timeout</c>.</summary>
    /// <param name="work">What is done.</param>
    public static async Task<T> NameAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (StoreWriteException failed)
        {
            throw WorkflowRefusedException.Of("unavailable", $"The store cannot write: {failed.Message}", failed);
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException)
        {
            throw WorkflowRefusedException.Of("timeout", silent is TimeoutException ? silent.Message : "Nothing answered in time.", silent);
        }
    }

    /// <inheritdoc cref="NameAsync{T}(Func{Task{T}})"/>
    public static Task NameAsync(Func<Task> work) => NameAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });
}
