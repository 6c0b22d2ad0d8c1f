using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Explaining;
using ActorFlow.Runtime.Persistence;
using Akka.Actor;

namespace ActorFlow.Shell.Runs;

/// <summary>A request to what is in a data directory: what it refuses, and how its store fails, becomes one line and an exit code.</summary>
/// <param name="directory">The full path of the directory.</param>
/// <param name="health">The health of its store.</param>
internal sealed class DirectoryRequest(string directory, StoreHealth health)
{
    /// <summary>Refuses a directory without a name, and a process that may open too few files to use one.</summary>
    /// <exception cref="CommandFailure">It is so.</exception>
    public static void RequireUsable(string directory)
    {
        Descriptors.Require(Descriptors.NeededToRun);
        if (string.IsNullOrWhiteSpace(directory))
        {
            throw new CommandFailure("the data directory has no name: --data takes the name of a directory", ExitCode.Unreachable);
        }
    }

    /// <summary>Does the work; a refusal or a failure becomes one line and an exit code.</summary>
    /// <exception cref="CommandFailure">The store or the node refuses, cannot write, or does not answer.</exception>
    public async Task<T> AskAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await UnlessDamagedAsync(work()).ConfigureAwait(false);
        }
        catch (WorkflowRefusedException unknown) when (unknown.Code == "workflow-not-found")
        {
            throw new CommandFailure(
                $"{OneLine.Of(unknown.Message).TrimEnd('.')} in the data directory {directory}; name another directory with --data", ExitCode.NotFound, unknown);
        }
        catch (Exception failed) when ((failed as StoreWriteException ?? failed.InnerException) is StoreWriteException)
        {
            throw new CommandFailure((failed.InnerException ?? failed).Message, ExitCode.Unreachable, failed);
        }
        catch (WorkflowRefusedException refused) when (refused is not RequestTimeoutException)
        {
            throw new CommandFailure(refused.Message, RefusalCode.Of(refused.Code).ExitCode, refused);
        }
        catch (Exception silent) when (silent is AskTimeoutException or TimeoutException or RequestTimeoutException)
        {
            if (health.WriteFailure is { } trouble)
            {
                throw Unwritable(trouble, silent);
            }

            throw new CommandFailure("the run did not answer in time; try again", ExitCode.Unreachable, silent);
        }
    }

    /// <summary>Waits for the work unless the store is damaged: a damaged store may never answer.</summary>
    private async Task<T> UnlessDamagedAsync<T>(Task<T> work)
    {
        var damaged = new TaskCompletionSource<StoreWriteFailure>(TaskCreationOptions.RunContinuationsAsynchronously);
        health.Changed += OnChanged;
        try
        {
            OnChanged(health.WriteFailure);
            return await Task.WhenAny(work, damaged.Task).ConfigureAwait(false) == work
                ? await work.ConfigureAwait(false)
                : throw Unwritable(await damaged.Task.ConfigureAwait(false), cause: null);
        }
        catch (Exception error) when (error is not CommandFailure && health.WriteFailure is { IsDamage: true } trouble)
        {
            throw Unwritable(trouble, error);
        }
        finally
        {
            health.Changed -= OnChanged;
        }

        void OnChanged(StoreWriteFailure? trouble)
        {
            if (trouble is { IsDamage: true })
            {
                damaged.TrySetResult(trouble);
            }
        }
    }

    private CommandFailure Unwritable(StoreWriteFailure trouble, Exception? cause) => new(
        trouble.IsLoss ? trouble.Reason
        : trouble.IsDamage
            ? $"{directory} cannot be used: {trouble.Reason}. '{CommandLine.Of(["actorflow", "db", "check", "--data", directory])}' says what can be read"
            : $"{directory} cannot be written: {trouble.Reason}; nothing that is recorded is lost, try again when that is put right",
        ExitCode.Unreachable,
        cause);
}
