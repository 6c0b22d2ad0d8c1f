using ActorFlow.Shell;
using ActorFlow.Shell.Runs;

// Scripts ask for it often, so it is answered before anything is loaded.
if (args is ["--version" or "-v"])
{
    return await CommandProcess.RunAsync(static console =>
    {
        console.Out.WriteLine(ActorFlowCommand.Version);
        return Task.FromResult(ExitCode.Done);
    }).ConfigureAwait(false);
}

return await CommandProcess.RunAsync(console =>
{
    ProcessArguments.Check(args);
    return ActorFlowCommand.InvokeAsync(args, console, createRunner: static () => new EmbeddedRunner(TimeProvider.System));
}).ConfigureAwait(false);
