using System.Buffers;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How the elements of a fan-out begin, settle and stop together.</summary>
internal static class FanOutTransitions
{
    public static void SettleElement(this RunState run, TaskExecutionId id, TaskExecutionState settled, TaskState task, FanOut fan)
    {
        if (settled.Phase == TaskExecutionPhase.Failed && !run.PlanOf(id).FailsScope)
        {
            // The element never runs again.
            run.Drop(settled, counted: false);
            settled = settled.Settle(settled.Phase, settled.Output, settled.Error);
        }

        var bytes = settled.Output?.Length ?? 0;
        run.Quota.Hold(bytes);
        run.Quota.SettleElements(1);
        fan = fan with
        {
            Elements = fan.Elements.SetItem(id.Element, settled, run.Edit),
            Active = fan.Active - 1,
            Unsettled = fan.Unsettled - 1,
            Failed = settled.Phase == TaskExecutionPhase.Failed ? fan.Failed + 1 : fan.Failed,
            Bytes = fan.Bytes + bytes,
        };
        run.SetTask(id.Scope, id.Task, task with { Fan = fan });
        if (fan.Unsettled == 0)
        {
            run.SettleFan(id.Scope, id.Task, fan);
        }
        else
        {
            run.ListNext(id.Scope, id.Task);
        }
    }

    private static void SettleFan(this RunState run, int scope, int task, FanOut fan)
    {
        var failsScope = run.Scopes[scope].Plan.Tasks[task].FailsScope;
        var stopped = fan.Elements.Any(element => element.Phase is not (TaskExecutionPhase.Completed or TaskExecutionPhase.Failed));
        if (fan.Failed > 0 && (failsScope || !stopped))
        {
            run.SettleTask(scope, task, TaskPhase.Failed, failsScope ? null : Join(fan), FanError(fan), fan: fan);
        }
        else if (stopped)
        {
            run.SettleTask(scope, task, TaskPhase.Cancelled, null, null, fan: fan);
        }
        else
        {
            run.SettleTask(scope, task, TaskPhase.Completed, Join(fan), null, fan: fan);
        }
    }

    // Rule 8: the error is that of the lowest failed index, and lists them all.
    private static TaskError FanError(FanOut fan)
    {
        var failures = fan.Elements
            .Select((element, index) => (element.Error, index))
            .Where(element => element.Error is not null)
            .ToList();
        return failures[0].Error! with
        {
            Failures = [.. failures.Select(failure => new ElementFailure(failure.index, failure.Error!.Type, failure.Error.Message))],
        };
    }

    private static Payload Join(FanOut fan)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(fan.Bytes + 2, int.MaxValue / 2));
        buffer.Write("["u8);
        var first = true;
        foreach (var element in fan.Elements)
        {
            if (!first)
            {
                buffer.Write(","u8);
            }

            first = false;
            buffer.Write((element.Phase == TaskExecutionPhase.Completed ? CommandOutput.Readable(element.Output!) : Payload.Null).Utf8.Span);
        }

        buffer.Write("]"u8);
        return Payload.FromTrustedUtf8(buffer.WrittenMemory);
    }

    public static void StopFan(this RunState run, int scope, int task, FanOut fan)
    {
        var begun = fan.Next;
        if (fan.Listed)
        {
            run.RemoveReady(scope, task, begun);
        }

        run.Quota.SettleElements(fan.Elements.Count - begun);
        fan = fan with { Next = fan.Elements.Count, Unsettled = fan.Unsettled - (fan.Elements.Count - begun), Listed = false };
        run.SetTask(scope, task, run.TaskOf(scope, task) with { Fan = fan });
        if (fan.Unsettled == 0)
        {
            run.SettleFan(scope, task, fan);
            return;
        }

        for (var element = 0; element < begun && run.TaskOf(scope, task).Fan is { } live; element++)
        {
            if (!live.Elements[element].IsSettled)
            {
                run.CancelExecution(new(scope, task, element, live.Elements[element].Iteration));
            }
        }
    }

    /// <summary>Lists the next element of a fan-out as ready, if its <c>max-parallel</c> has room.</summary>
    public static void ListNext(this RunState run, int scope, int task)
    {
        var holder = run.Scopes[scope];
        var state = holder.Tasks[task];
        if (state.Fan is not { Listed: false } fan || holder.Stop is not null || fan.Next >= fan.Elements.Count)
        {
            return;
        }

        if (holder.Plan.Tasks[task].Definition.MaxParallel is not { } max || fan.Active < max)
        {
            run.AddReady(scope, task, fan.Next);
            run.SetTask(scope, task, state with { Fan = fan with { Listed = true } });
        }
    }
}
