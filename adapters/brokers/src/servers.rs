use cascadia_patterns::messaging::{BrokerError, Capabilities, Capability, Settle};

/// Whether deliveries can be settled so.
///
/// # Errors
///
/// What a broker cannot do.
pub fn can_settle(can: Capabilities, settle: &Settle) -> Result<(), BrokerError> {
    let needed = match settle {
        Settle::Ack => return Ok(()),
        Settle::AckThrough => Capability::AckThrough,
        Settle::Requeue => Capability::Requeue,
        Settle::RequeueAfter(_) => Capability::Delay,
        Settle::Dead(_) => Capability::DeadLetter,
        Settle::Working => Capability::Working,
    };
    Ok(can.allow(Capabilities::from_iter([needed]))?)
}

/// Makes a client a [`Broker`](cascadia_patterns::messaging::Broker) that has its server do what it is asked, in a future
/// that owns the server.
///
/// None of them numbers what is published, or has transactions.
#[macro_export]
macro_rules! brokers {
    ($client:ident) => {
        impl Broker for $client {
            fn can(&self) -> Capabilities {
                self.0.can()
            }

            fn declare(
                &self,
                topic: Topic,
                settings: TopicSettings,
            ) -> BoxFuture<Result<(), BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.declare(topic, settings).await })
            }

            fn remove(&self, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.remove(topic).await })
            }

            fn partitions(&self, topic: Topic) -> BoxFuture<Result<u32, BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.partitions(&topic).await })
            }

            fn identify(
                &self,
                _: Option<TransactionalId>,
            ) -> BoxFuture<Result<ProducerIdentity, BrokerError>> {
                $crate::deny(Capability::Idempotence)
            }

            fn publish(&self, batch: Batch) -> BoxFuture<Result<Receipt, BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.publish(batch).await })
            }

            fn conclude(&self, _: Conclusion) -> BoxFuture<Result<(), BrokerError>> {
                $crate::deny(Capability::Transactions)
            }

            fn subscribe(
                &self,
                subscription: Subscription,
            ) -> BoxFuture<Result<Box<dyn Feed>, BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.subscribe(subscription).await })
            }

            fn settle(
                &self,
                ids: &[DeliveryId],
                settle: Settle,
            ) -> BoxFuture<Result<Vec<Settled>, BrokerError>> {
                let (server, ids) = (Arc::clone(&self.0), ids.to_vec());
                Box::pin(async move {
                    $crate::can_settle(server.can(), &settle)?;
                    server.settle(&ids, &settle).await
                })
            }

            fn seek(
                &self,
                group: Group,
                partition: Partition,
                to: Start,
            ) -> BoxFuture<Result<(), BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.seek(group, partition, to).await })
            }

            fn lag(
                &self,
                group: Group,
                partition: Partition,
            ) -> BoxFuture<Result<Lag, BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.lag(group, partition).await })
            }

            fn forget(&self, group: Group, topic: Topic) -> BoxFuture<Result<(), BrokerError>> {
                let server = Arc::clone(&self.0);
                Box::pin(async move { server.forget(group, topic).await })
            }
        }
    };
}
