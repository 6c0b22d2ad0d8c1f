using System.Globalization;
using ActorFlow.Perf.CommandLine;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using ActorFlow.Runtime.Hosting;

// As the command does.
MallocTuning.GiveBackUnused();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [NodeProgram.Option])
{
    return await NodeProgram.RunAsync(Console.In, Console.Out).ConfigureAwait(false);
}

AtExit.OnSignals();
var host = new PerfHost(Spec.In(typeof(Spec).Assembly), ActorFlowProcess.Root, Console.Out, Console.Error);
return await PerfCommand.InvokeAsync(args, Console.Out, Console.Error, host.RunAsync).ConfigureAwait(false);
