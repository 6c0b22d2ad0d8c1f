using ActorFlow.Shell;
using ActorFlow.Shell.Runs;

// Asked often by scripts, and answered before anything is loaded.
if (args is ["--version" or "-v"])
{
    Console.Out.WriteLine(ActorFlowCommand.Version);
    return 0;
}

return await ActorFlowCommand.InvokeAsync(args, ShellConsole.OfProcess(), createRunner: static () => new EmbeddedRunner(TimeProvider.System)).ConfigureAwait(false);
